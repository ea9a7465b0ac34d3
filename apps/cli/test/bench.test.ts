import { expect, test } from 'vitest';
import { events, heed } from './heed.js';

const SMALL = ['--length', '12', '--heads', '2', '--width', '8', '--rounds', '2'];

test('bench times every backend on every problem', async () => {
  const outcome = await heed(['bench', ...SMALL, '--json']);
  const list = events(outcome);
  const times = list.filter(({ event }) => event === 'time');
  expect(times).toHaveLength(9);
  expect(new Set(times.map(({ backend }) => backend))).toEqual(new Set(['wasm', 'cpu', 'composed']));
  for (const { ms, low, high } of times as { ms: number; low: number; high: number }[]) {
    expect(low).toBeGreaterThan(0);
    expect(ms).toBeGreaterThanOrEqual(low);
    expect(high).toBeGreaterThanOrEqual(ms);
  }
  expect(list.at(-1)).toMatchObject({ event: 'done', length: 12, rounds: 2 });
  expect(outcome.code).toBe(0);
});

test('for people, a table with the fastest; one backend and its threads on request', async () => {
  const { code, stdout } = await heed(['bench', ...SMALL, '--backend', 'wasm', '--threads', '1']);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/dot-product attention.*\n +wasm .*fastest/),
  });
  expect(await heed(['bench', '--length', '0'])).toMatchObject({ code: 2 });
});

const DECODE = ['--symbols', '12', '--rounds', '1', '--backend', 'wasm'];

test('--decode times a model that writes on each backend, with its cache and without', async () => {
  const outcome = await heed(['bench', '--decode', 'names', '--symbols', '12', '--rounds', '1', '--json']);
  const list = events(outcome);
  const rates = list.filter(({ event }) => event === 'decode');
  expect(rates.map(({ backend, cache }) => [backend, cache])).toEqual(
    ['wasm', 'cpu', 'composed'].flatMap((backend) => [
      [backend, true],
      [backend, false],
    ]),
  );
  for (const { ms, low, symbolsPerSecond } of rates as { ms: number; low: number; symbolsPerSecond: number }[]) {
    expect(low).toBeGreaterThan(0);
    expect(symbolsPerSecond).toBeCloseTo(1000 / ms, 6);
  }
  expect(list.at(-1)).toMatchObject({ event: 'done', model: 'names', symbols: 12 });
  expect(outcome.code).toBe(0);
});

test('--decode of a model that reads before it writes, for people; it always has a cache', async () => {
  const { code, stdout } = await heed(['bench', '--decode', 'g2p', ...DECODE]);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      /^g2p, symbols a second\n {2}wasm +with cache +[\d.,]+ a second \([^)]+\) +fastest\n$/,
    ),
  });
});

test.each([
  [['--decode', 'spam'], 'writes nothing'],
  [['--decode', 'g2b'], 'did you mean g2p'],
  [['--decode', 'g2p', '--heads', '2'], '--heads is for ops'],
  [['--symbols', '9'], '--symbols is for --decode'],
])('bench %j is a mistake', async (args, said) => {
  const { code, stderr } = await heed(['bench', ...args, '--backend', 'wasm', '--rounds', '1']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) });
});
