import { costOfMechanism, multiHead } from '@heed/attention';
import { dotProductAttention } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Numbers } from '../lessons/compute.js';

/** Runs the step of an exercise's page with some of its tables changed. */
type Run = (op: string, changed?: Numbers) => Numbers;

/** How the answer of each exercise is found by the library: a number, or the letter of a choice. */
export const ANSWERS: Readonly<Record<string, (run: Run) => number | string>> = {
  'equal-trust': (run) => run('mean', { w: [[1, 1, 1]] })['c']![0]![0]!,
  'without-the-stranger': (run) => run('mean', { w: [[6, 3, 0]] })['α']![0]![0]!,
  'doubled-trust': (run) => whichOf({ b: isSame(run('mean', { w: [[12, 6, 2]] }), run('mean')) }),
  'state-of-zeros': (run) => run('additive', { s: [[0, 0]] })['e']![0]![1]!,
  'greatest-score': (run) => Math.max(...run('additive', { s: [[100, 100]] })['e']![0]!),
  'shifted-scores': (run) => whichOf({ b: isSame(run('softmax', { e: [[10.762, 12.39, 11.049]] }), run('softmax')) }),
  colder: (run) => run('softmax', { τ: [[0.5]] })['α']![0]![1]!,
  'four-alike': () =>
    attended(
      [[1, 1]],
      Array.from({ length: 4 }, () => [2, 3]),
    )[0]!,
  'raise-tee': (run) => 'abc'[greatest(run('output', { e: [[0.762, 2.39, 5]] })['y']![0]!)]!,
  'even-look': (run) => run('output', { e: [[0, 0, 0]] })['y']![0]![1]!,
  'reach-of-c': (run) => Math.max(...[0, 1, 2].map((word) => run('output', { e: [only(word)] })['c']![0]![0]!)),
  scaled: () => {
    // Of two keys, one with qᵀk = 24 and one with 0, the ratio of shares is exp(score).
    const query = [24, ...Array<number>(63).fill(0)];
    const [one, other] = attended([query], [query.map((n) => n / 24), query.map(() => 0)]);
    return Math.log(one! / other!);
  },
  'numbers-of-a-layer': () => {
    const layer = multiHead({ queryWidth: 512, memoryWidth: 512, heads: 8, bias: false, seed: 1 });
    const count = Object.values(layer.parameters).reduce((sum, { size }) => sum + size, 0);
    layer.dispose();
    return count;
  },
  'ask-for-round': (run) => {
    const [top, bottom] = run('additive', { s: [[3, -1]] })['α']!;
    const others: Readonly<Record<string, number>> = { a: top![0]!, b: bottom![0]!, c: bottom![2]! };
    return whichOf(
      Object.fromEntries(Object.entries(others).map(([letter, share]) => [letter, share > 0.9 * top![1]!])),
    );
  },
  'red-and-round': (run) => run('additive', { s: [[-1, -1]] })['α']![0]![1]!,
  'scores-of-a-caption': () => 14 * 14 * 10,
  'known-word': (run) => run('sentinel', { r: [[6]] })['β']![0]![0]!,
  'shares-of-places': (run) => {
    const { α, β } = run('sentinel');
    const sum = α!.flat().reduce((a, b) => a + b, 0);
    const isNear = (number: number): boolean => Math.abs(sum - number) < 1e-6;
    return whichOf({ a: isNear(1), b: isNear(1 - β![0]![0]!), c: isNear(β![0]![0]!) });
  },
  'half-a-look': (run) => {
    // β grows with r: halve the interval in which it passes one half.
    let [low, high] = [0, 10];
    while (high - low > 1e-4) {
      const r = (low + high) / 2;
      if (run('sentinel', { r: [[r]] })['β']![0]![0]! < 0.5) low = r;
      else high = r;
    }
    return low;
  },
  'twice-as-long': (run) =>
    run('cost', { n: sizes(1000) })['k']![0]![1]! / run('cost', { n: sizes(500) })['k']![0]![1]!,
  'same-work': () => {
    const ofLstm = (length: number): number => length * 8 * 512 ** 2;
    return Array.from({ length: 4096 }, (_, n) => n + 1).find((length) => ofSelfAttention(length) >= ofLstm(length))!;
  },
  'forgotten-by-gates': () => 0.9 ** 20,
};

/** Exercises with choices that are to be reasoned about, not computed. */
export const DISCUSSED: readonly string[] = ['once-a-sentence', 'mean-of-heads', 'who-remembers'];

const isSame = (a: Numbers, b: Numbers): boolean =>
  Object.entries(a).every(([symbol, rows]) =>
    rows.flat().every((number, n) => Math.abs(number - b[symbol]!.flat()[n]!) < 1e-5),
  );

/** The one choice that holds. */
function whichOf(choices: Readonly<Record<string, boolean>>): string {
  const [letter, ...others] = Object.entries(choices).flatMap(([letter, holds]) => (holds ? [letter] : []));
  return others.length === 0 ? (letter ?? 'none') : 'several';
}

const only = (word: number): number[] => [0, 1, 2].map((one) => (one === word ? 100 : 0));

const greatest = (row: readonly number[]): number => row.indexOf(Math.max(...row));

const sizes = (length: number): number[][] => [length, 1, 1].map((one) => [one, 8, 64]);

/** Multiply–adds of a layer of self-attention, 512 wide. */
function ofSelfAttention(length: number): number {
  const layer = { kind: 'multiHead', name: 'layer', queryWidth: 512, memoryWidth: 512, heads: 8, bias: false, seed: 1 };
  return costOfMechanism(layer, { batch: 1, queries: length, keys: length, calls: 1 }).forward.multiplyAdds;
}

/** Shares that a query gives keys. */
function attended(query: number[][], keys: number[][]): number[] {
  return tf.tidy(() => {
    const key = tf.tensor4d([[keys]]);
    const { weights } = dotProductAttention(tf.tensor4d([[query]]), key, key, { returnWeights: true });
    return [...weights.dataSync()];
  });
}
