import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runCommand } from './command.js';
import { compare, type BenchCase } from './harness.js';
import type { RunOnce } from './timing.js';

let clock = 0;
beforeEach(() => {
  clock = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
});
afterEach(() => vi.restoreAllMocks());

/** A run that takes the given times in milliseconds, one after another and again from the first. */
function taking(...milliseconds: number[]): RunOnce {
  let runs = 0;
  return async () => {
    clock += milliseconds[runs++ % milliseconds.length];
    return [Float32Array.of(1, 2)];
  };
}

function bench(heed: RunOnce, peer: RunOnce, about: Partial<BenchCase> = {}): BenchCase & { dispose: () => void } {
  const dispose = vi.fn<() => void>();
  return {
    name: 'case',
    title: 'a case',
    target: 5,
    rounds: 4,
    setUp: () => ({ heed, peer, dispose }),
    dispose,
    ...about,
  };
}

describe('compare', () => {
  test('gives the median ratio of the rounds and their spread', async () => {
    // The peer's first run is the check; its rounds then take 1600, 1000, 3000 and 1400 ms against 200.
    const made = bench(taking(200), taking(1600, 1600, 1000, 3000, 1400));
    expect(await compare(made)).toEqual({
      case: 'case',
      target: 5,
      measured: 7.5,
      met: true,
      spread: [5, 15],
      heedMs: 200,
      peerMs: 1500,
      rounds: 4,
    });
    expect(made.dispose).toHaveBeenCalledOnce();
  });

  test('averages over runs that are short', async () => {
    const { heedMs, measured } = await compare(bench(taking(10, 30), taking(200)), 2);
    expect(heedMs).toBeCloseTo(20, 0);
    expect(measured).toBeCloseTo(10, 0);
  });

  test('a missed target is a result, and without a target nothing is met or missed', async () => {
    expect((await compare(bench(taking(200), taking(400)))).met).toBe(false);
    expect((await compare(bench(taking(200), taking(400), { target: null }))).met).toBeNull();
  });

  test.each([
    ['a value', [Float32Array.of(1, 2.1)]],
    ['NaN', [Float32Array.of(1, NaN)]],
    ['a length', [Float32Array.of(1)]],
    ['the number of results', []],
  ])('refuses to time systems that disagree in %s', async (_, results) => {
    const made = bench(taking(1), async () => results);
    await expect(compare(made)).rejects.toThrow('the peer');
    expect(made.dispose).toHaveBeenCalledOnce();
  });
});

describe('the command', () => {
  async function run(...flags: string[]): Promise<{ out: string[]; error: string[] }> {
    const out: string[] = [];
    const error: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line));
    vi.spyOn(console, 'error').mockImplementation((line: string) => void error.push(line));
    const caseNames = ['first', 'second'];
    const cases = caseNames.map((name) => {
      const one = bench(taking(200), taking(400), { name });
      return { name, title: one.title, run: (rounds?: number) => compare(one, rounds) };
    });
    const about = { name: 'bench', description: 'a benchmark', caseNames, open: async () => ({ cases }) };
    await runCommand(about, ['node', 'bench', ...flags]);
    return { out, error };
  }

  test('prints for people', async () => {
    const { out, error } = await run('--case', 'second');
    expect(error).toEqual([]);
    expect(out.join('\n')).toContain('second: a case');
    expect(out.join('\n')).toContain('2× as fast (target 5×: MISSED)');
    expect(out.join('\n')).not.toContain('first');
  });

  test('with --json prints an object a line, and for people elsewhere', async () => {
    const { out, error } = await run('--json', '--rounds', '3');
    expect(out.map((line) => JSON.parse(line) as { case: string; rounds: number })).toMatchObject([
      { case: 'first', measured: 2, met: false, rounds: 3 },
      { case: 'second', measured: 2, met: false, rounds: 3 },
    ]);
    expect(error.join('\n')).toContain('first: a case');
  });
});
