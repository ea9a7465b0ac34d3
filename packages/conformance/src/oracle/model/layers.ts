import type { Formula } from './formula.js';
import { at, gridOf, type Grid } from './grid.js';
import type { Node, Tape } from '../tape.js';

/** Σ terms + bias along the rows. */
export function biased(tape: Tape, terms: readonly Grid[], bias: Grid): Grid {
  const [rows, width] = terms[0].shape as [number, number];
  return gridOf(rows, width, (n, w) => tape.add(tape.sum(terms.map((term) => at(term, n, w))), at(bias, 0, w)));
}

export const mapped = ({ shape, nodes }: Grid, change: (x: Node) => Node): Grid => ({
  shape,
  nodes: nodes.map(change),
});

export const addBias: Formula<'addBias'> = (tape, { x, bias: [bias] }) => ({ y: biased(tape, x, bias) });

export const addResidual: Formula<'addResidual'> = (tape, { x, y, bias: [bias] }) => ({
  sum: biased(tape, [...x, ...y], bias),
});

export const tanhLayer: Formula<'tanhLayer'> = (tape, { terms, bias: [bias] }) => ({
  y: mapped(biased(tape, terms, bias), (a) => tape.tanh(a)),
});

export const rectifiedLayer: Formula<'rectifiedLayer'> = (tape, { x, bias: [bias] }) => ({
  y: mapped(biased(tape, x, bias), (a) => tape.relu(a)),
});

/** Goodfellow et al. 2013, over pairs of columns that are half the width apart. */
export const maxoutLayer: Formula<'maxoutLayer'> = (tape, { terms, bias: [bias] }) => {
  const pieces = biased(tape, terms, bias);
  const [rows, doubled] = pieces.shape as [number, number];
  const width = doubled / 2;
  return { y: gridOf(rows, width, (n, w) => tape.max(at(pieces, n, w), at(pieces, n, width + w))) };
};

export const squaredRelu: Formula<'squaredRelu'> = (tape, { x: [x] }) => ({
  y: mapped(x, (a) => {
    const positive = tape.relu(a);
    return tape.mul(positive, positive);
  }),
});

const EPSILON = 1e-5;

/** Ba, Kiros & Hinton 2016, eq. 3 and 4. */
export const layerNorm: Formula<'layerNorm'> = (tape, { x: [x], gain: [gain], bias: [bias] }) => {
  const [rows, width] = x.shape as [number, number];
  const normal = Array.from({ length: rows }, (_, n) => {
    const row = Array.from({ length: width }, (_, w) => at(x, n, w));
    const mean = tape.scaled(tape.sum(row), 1 / width);
    const centred = row.map((a) => tape.sub(a, mean));
    const variance = tape.scaled(tape.sum(centred.map((a) => tape.mul(a, a))), 1 / width);
    const inverse = tape.inverseRoot(tape.add(variance, tape.constant(EPSILON)));
    return centred.map((a) => tape.mul(a, inverse));
  });
  return {
    y: gridOf(rows, width, (n, w) => tape.add(tape.mul(normal[n][w], at(gain, 0, w)), at(bias, 0, w))),
  };
};
