import type { Formula } from './formula.js';
import { at, gridOf, type Grid } from './grid.js';
import type { Node, Tape } from '../tape.js';

/** a, the sum of the terms, number n of row b. */
const sumOf = (tape: Tape, terms: readonly Grid[], b: number, n: number): Node =>
  tape.sum(terms.map((term) => at(term, b, n)));

/** Hochreiter & Schmidhuber 1997 with the forget gate of Gers et al. 2000; gates i, f, g, o. */
export const lstmGates: Formula<'lstmGates'> = (tape, { terms, state: [state] }, { active }) => {
  const [rows, width] = state.shape as [number, number];
  const units = width / 2;
  const cell = (b: number, u: number): { readonly c: Node; readonly o: Node } => {
    const [i, f, o] = [0, 1, 3].map((gate) => tape.sigmoid(sumOf(tape, terms, b, gate * units + u))) as [
      Node,
      Node,
      Node,
    ];
    const g = tape.tanh(sumOf(tape, terms, b, 2 * units + u));
    return { c: tape.add(tape.mul(f, at(state, b, units + u)), tape.mul(i, g)), o };
  };
  return {
    next: gridOf(rows, width, (b, n) => {
      if (active?.[b] === 0) return at(state, b, n);
      const { c, o } = cell(b, n % units);
      return n < units ? tape.mul(o, tape.tanh(c)) : c;
    }),
  };
};

/** Cho et al. 2014, §2.3: r before z. */
export const gruReset: Formula<'gruReset'> = (tape, { terms, state: [state] }) => {
  const [rows, units] = state.shape as [number, number];
  return {
    opened: gridOf(rows, 2 * units, (b, n) => {
      const gate = tape.sigmoid(sumOf(tape, terms, b, n));
      return n < units ? tape.mul(gate, at(state, b, n)) : gate;
    }),
  };
};

/** h' = (1 − z)h + z·tanh a. */
export const gruUpdate: Formula<'gruUpdate'> = (tape, { terms, opened: [opened], state: [state] }, { active }) => {
  const [rows, units] = state.shape as [number, number];
  return {
    next: gridOf(rows, units, (b, u) => {
      const h = at(state, b, u);
      if (active?.[b] === 0) return h;
      const z = at(opened, b, units + u);
      return tape.add(h, tape.mul(z, tape.sub(tape.tanh(sumOf(tape, terms, b, u)), h)));
    }),
  };
};
