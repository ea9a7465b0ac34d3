import type { Formula } from './formula.js';
import { philox } from '../philox.js';

const TWO_32 = 2 ** 32;

/** Element n is left out where word n mod 4 of block ⌊n/4⌋, as a number in (0, 1), is under the rate. */
export const dropout: Formula<'dropout'> = (tape, { x: [{ shape, nodes }] }, { rate, seed, index, name }) => {
  const key = [seed % TWO_32, Math.floor(seed / TWO_32)];
  const kept = Math.fround(1 / (1 - rate));
  const factor = (n: number): number => {
    const word = philox([Math.floor(n / 4), index, name, MODELS], key)[n % 4]!;
    return (word + 0.5) / TWO_32 < rate ? 0 : kept;
  };
  return { y: { shape, nodes: nodes.map((node, n) => tape.scaled(node, factor(n))) } };
};

/** Number of the stream of models' random numbers. */
const MODELS = 2;
