import { HeedError } from '@heed/core';
import { describe, expect, it } from 'vitest';
import { beamSearch, planBeam } from './beam.js';
import type { Stepper } from './decoding.js';
import { greedySearch } from './greedy.js';
import { Vocabulary } from '../../../nn/src/layers/vocabulary.js';

const vocabulary = new Vocabulary('target', ['a', 'b', 'c']);

/** A model by hand: the probabilities of end, a, b and c after each prefix; elsewhere the output ends. */
type Table = Readonly<Record<string, readonly [number, number, number, number]>>;

/**
 * Follows each row's prefix as a recurrent model would: through ids and rows alone.
 *
 * @param count of sources
 */
function stepper(table: Table, rows: number, count = 1): Stepper & { calls: number; readonly rows: number[] } {
  let prefixes = Array.from({ length: rows }, () => '');
  return {
    calls: 0,
    rows: [],
    step(ids, from) {
      const before = prefixes;
      prefixes = Array.from(ids, (id, row) => {
        const prefix = before[from?.[row] ?? row];
        return this.calls === 0 ? '' : prefix + (id === 0 ? '' : vocabulary.symbol(id));
      });
      this.calls++;
      const logProbabilities = Float64Array.from(
        prefixes.flatMap((prefix) => table[prefix] ?? [1, 0, 0, 0]),
        Math.log,
      );
      this.rows.push(ids.length);
      return Promise.resolve({ logProbabilities, weights: undefined });
    },
    keep(sources) {
      const [before, beams] = [prefixes, rows / count];
      prefixes = Array.from(sources).flatMap((source) => before.slice(source * beams, (source + 1) * beams));
    },
  };
}

// Greedy takes a (0.5), then at best a c: 0.5·0.4 = 0.2. The most probable output is b: 0.4·0.9 = 0.36.
const TRAP: Table = {
  '': [0, 0.5, 0.4, 0.1],
  a: [0.3, 0, 0.3, 0.4],
  b: [0.9, 0.1, 0, 0],
  c: [1, 0, 0, 0],
};

const lengths = Int32Array.of(5);
const plan = (options: Parameters<typeof planBeam>[0]) => planBeam({ maxLength: 5, ...options });

describe('beamSearch', () => {
  it('finds an output that greedy search misses', async () => {
    const [greedy] = await greedySearch(stepper(TRAP, 1), lengths, vocabulary, {});
    const [[best]] = (await beamSearch(stepper(TRAP, 3), lengths, vocabulary, plan({ width: 3 }))) as [[never]];
    expect(greedy!.output).toEqual(['a', 'c']);
    expect(greedy!.logProbability).toBeCloseTo(Math.log(0.2), 12);
    expect(best).toMatchObject({ output: ['b'], finished: true });
    expect((best as { logProbability: number }).logProbability).toBeCloseTo(Math.log(0.36), 12);
  });

  it('gives the n best in order, with the probability of each symbol and of the end', async () => {
    const [found] = await beamSearch(stepper(TRAP, 4), lengths, vocabulary, plan({ width: 4 }));
    expect(found!.map(({ output }) => output.join(''))).toEqual(['b', 'ac', 'a', 'ab']);
    expect(found![1].tokenLogProbabilities.map(Math.exp)).toEqual([
      expect.closeTo(0.5, 12),
      expect.closeTo(0.4, 12),
      1,
    ]);
    expect(found![1].score).toBe(found![1].logProbability);
  });

  it('ranks by the length penalty of Wu et al.', async () => {
    const [found] = await beamSearch(stepper(TRAP, 4), lengths, vocabulary, plan({ width: 4, lengthPenalty: 2 }));
    // b and end: ln 0.36 / (7/6)² = −0.7506; a c and end: ln 0.2 / (8/6)² = −0.9053; a: ln 0.15 / (7/6)² = −1.3938.
    expect(found![0].score).toBeCloseTo(Math.log(0.36) / (7 / 6) ** 2, 12);
    expect(found![1].score).toBeCloseTo(Math.log(0.2) / (8 / 6) ** 2, 12);
    const steep = await beamSearch(stepper(TRAP, 4), lengths, vocabulary, plan({ width: 4, lengthPenalty: 5 }));
    expect(steep[0][0].output).toEqual(['a', 'c']); // ln 0.2 / (8/6)⁵ = −0.3819, ln 0.36 / (7/6)⁵ = −0.4727
  });

  it('of width 1 is greedy search', async () => {
    for (const table of [TRAP, { '': [0.1, 0.2, 0.3, 0.4], c: [0.1, 0.5, 0.4, 0], ca: [0, 0, 0, 1] } as Table]) {
      for (const maxLength of [0, 1, 2, 5]) {
        const greedy = await greedySearch(stepper(table, 1), lengths, vocabulary, { maxLength });
        const beam = await beamSearch(stepper(table, 1), lengths, vocabulary, plan({ width: 1, maxLength }));
        expect(beam.map(([best]) => best)).toEqual(greedy);
      }
    }
  });

  it('cuts off at the greatest length, and says so', async () => {
    const endless: Table = { '': [0, 1, 0, 0], a: [0, 1, 0, 0], aa: [0, 1, 0, 0], aaa: [0, 1, 0, 0] };
    const [[best]] = (await beamSearch(stepper(endless, 2), lengths, vocabulary, plan({ width: 2, maxLength: 3 }))) as [
      [unknown],
    ];
    expect(best).toMatchObject({ output: ['a', 'a', 'a'], finished: false, logProbability: 0 });
  });

  it.each([0, 1, 2, 3])('lists no output twice when it ends at maxLength %d', async (maxLength) => {
    // Every prefix may end, and may go on.
    const even: Table = Object.fromEntries(
      ['', 'a', 'b', 'c', 'aa', 'ab', 'ba', 'aaa', 'aab'].map((prefix) => [prefix, [0.4, 0.3, 0.2, 0.1]]),
    );
    for (const width of [1, 2, 3, 4, 8]) {
      const [found] = await beamSearch(stepper(even, width), lengths, vocabulary, plan({ width, maxLength }));
      const outputs = found!.map(({ output }) => output.join(''));
      expect(outputs).toEqual([...new Set(outputs)]);
      // As many outputs of at most maxLength symbols as there are, up to the width.
      expect(outputs).toHaveLength(Math.min(width, maxLength === 0 ? 1 : maxLength === 1 ? 4 : 8));
    }
  });

  it('cuts off what has room at maxLength but not the probability to end, behind what ends', async () => {
    const table: Table = { '': [0, 0.9, 0.1, 0], a: [0.5, 0.5, 0, 0], b: [0.1, 0.9, 0, 0] };
    const [found] = await beamSearch(stepper(table, 2), lengths, vocabulary, plan({ width: 2, maxLength: 1 }));
    expect(found!.map(({ output, finished }) => [output.join(''), finished])).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  it('lets timers run while it works, and so does greedy search', async () => {
    const slow = (rows: number): Stepper => ({
      keep: () => undefined,
      step() {
        const start = performance.now();
        while (performance.now() - start < 8);
        return Promise.resolve({
          logProbabilities: Float64Array.from({ length: 4 * rows }, (_, n) => Math.log(n % 4 === 1 ? 1 : 0)),
          weights: undefined,
        });
      },
    });
    const ticksOf = async (search: () => Promise<unknown>): Promise<number> => {
      let ticks = 0;
      const timer = setInterval(() => ticks++, 1);
      await search();
      clearInterval(timer);
      return ticks;
    };
    const maxLength = 30;
    expect(await ticksOf(() => greedySearch(slow(1), lengths, vocabulary, { maxLength }))).toBeGreaterThan(2);
    expect(
      await ticksOf(() => beamSearch(slow(2), lengths, vocabulary, plan({ width: 2, maxLength }))),
    ).toBeGreaterThan(2);
  });

  it('computes no longer what is done, and so does greedy search', async () => {
    const endless: Table = Object.fromEntries(
      Array.from({ length: 20 }, (_, length) => ['a'.repeat(length), [0, 1, 0, 0]]),
    );
    // Sources of 3, 1, 2 and 0 symbols are cut off at 16, 12, 14 and 10, and leave one after the other.
    const four = Int32Array.of(3, 1, 2, 0);
    const rows = [...Array<number>(11).fill(4), 3, 3, 2, 2, 1, 1];
    const [greedy, beam] = [stepper(endless, 4, 4), stepper(endless, 8, 4)];
    const found = await greedySearch(greedy, four, vocabulary, {});
    expect(found.map(({ output }) => output.length)).toEqual([16, 12, 14, 10]);
    expect(greedy.rows).toEqual(rows);
    const beams = await beamSearch(beam, four, vocabulary, planBeam({ width: 2, nBest: 1 }));
    expect(beams.map(([best]) => best!.output.length)).toEqual([16, 12, 14, 10]);
    expect(beam.rows).toEqual(rows.map((count) => 2 * count));
  });

  it('searches each source by itself', async () => {
    const two = await beamSearch(stepper(TRAP, 6, 2), Int32Array.of(5, 2), vocabulary, plan({ width: 3 }));
    const one = await beamSearch(stepper(TRAP, 3), lengths, vocabulary, plan({ width: 3 }));
    expect(two).toEqual([one[0], one[0]]);
  });

  it.each([
    [{ width: 0 }, 'width is 0'],
    [{ width: 1.5 }, 'width is 1.5'],
    [{ lengthPenalty: -1 }, 'lengthPenalty is -1'],
    [{ lengthPenalty: Number.NaN }, 'lengthPenalty is NaN'],
    [{ width: 2, nBest: 3 }, 'nBest is 3'],
    [{ maxLength: -1 }, 'maxLength is -1'],
  ])('refuses %j', (options, message) => {
    const refused = (): unknown => planBeam(options);
    expect(refused).toThrow(message);
    expect(refused).toThrow(HeedError);
  });
});
