import type { Formula } from './formula.js';
import type { Grid } from './grid.js';
import type { Node } from '../tape.js';

/** Kingma & Ba 2014, algorithm 1, with a rate and an ε in which the slots' start at 0 is corrected for. */
export const adam: Formula<'adam'> = (
  tape,
  { value: [value], gradient: [gradient], mean: [mean], square: [square] },
  { rate, epsilon, scale, beta1, beta2 },
) => {
  const like = (of: (n: number) => Node): Grid => ({ shape: value.shape, nodes: value.nodes.map((_, n) => of(n)) });
  const g = like((n) => tape.scaled(gradient.nodes[n], scale));
  const nextMean = like((n) => tape.add(tape.scaled(mean.nodes[n], beta1), tape.scaled(g.nodes[n], 1 - beta1)));
  const nextSquare = like((n) =>
    tape.add(tape.scaled(square.nodes[n], beta2), tape.scaled(tape.mul(g.nodes[n], g.nodes[n]), 1 - beta2)),
  );
  const root = (x: Node): Node => tape.constant(Math.sqrt(tape.value(x)));
  const nextValue = like((n) => {
    const below = tape.add(root(nextSquare.nodes[n]), tape.constant(epsilon));
    const step = tape.scaled(nextMean.nodes[n], rate);
    return tape.sub(value.nodes[n], tape.constant(tape.value(step) / tape.value(below)));
  });
  return { nextValue, nextMean, nextSquare };
};

export const squareSum: Formula<'squareSum'> = (tape, { tensors }) => ({
  sum: { shape: [], nodes: [tape.sum(tensors.flatMap(({ nodes }) => nodes.map((x) => tape.mul(x, x))))] },
});
