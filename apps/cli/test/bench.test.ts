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
