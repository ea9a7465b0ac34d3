import type { Attended, Row, State } from './formula.js';
import type { Open, Vector } from './maths.js';

/** What a step saw, and what is left for the next one. */
interface Step {
  readonly weights: Vector;
  left(context: Vector): State;
}

/** Queries one after the other, each given what the one before left. */
export function inSteps(
  { maths, query, memory, open }: Row<unknown>,
  first: State,
  step: (s: Vector, state: State, open: Open, i: number) => Step,
): Attended & { readonly state: State } {
  const context: Vector[] = [];
  const weights: Vector[] = [];
  let state = first;
  query.forEach((s, i) => {
    const seen = step(s, state, (j) => open(i, j), i);
    weights.push(seen.weights);
    context.push(maths.weighted(seen.weights, memory));
    state = seen.left(context[i]);
  });
  return { context, weights, state };
}

/** What is there before the first step: what is given, or these numbers. */
export const begun = ({ maths, state }: Row<unknown>, name: string, initial: readonly number[]): Vector =>
  state[name] ?? initial.map((x) => maths.constant(x));

/** The same of a tensor along the positions; what is given for those that take no part counts as 0. */
export const begunAlong = (row: Row<unknown>, name: string, initial: (j: number) => number = () => 0): Vector =>
  row.state[name]?.map((x, j) => (row.present(j) ? x : row.maths.constant(0))) ??
  row.memory.map((_, j) => row.maths.constant(initial(j)));

/** All of the weight on the first position. */
export const atFirst = (j: number): number => (j === 0 ? 1 : 0);
