import { HOOK_FUNCTIONS } from './functions.js';
import { neededSteps, type CapturePart, type Step, type Variable } from './program.js';

/** Where steps are computed: indices of the position, and the lengths. */
export type At = { readonly [Name in Variable]: number };

/** Steps in plain JavaScript, one position at a time: nothing is compiled. */
export class Evaluator {
  /** Values of the steps at the last position, in float64; those that no result needs have none. */
  readonly values: Float64Array;
  readonly #steps: readonly Step[];
  readonly #needed: readonly number[];
  readonly #captures: readonly CapturePart[];
  readonly #packed: ArrayLike<number>;

  constructor(
    steps: readonly Step[],
    results: readonly number[],
    captures: readonly CapturePart[],
    packed: ArrayLike<number>,
  ) {
    this.#steps = steps;
    this.#needed = [...neededSteps(steps, results)].toSorted((a, b) => a - b);
    this.#captures = captures;
    this.#packed = packed;
    this.values = new Float64Array(steps.length);
  }

  run(at: At, input = NaN, cotangent = NaN): void {
    for (const n of this.#needed) this.values[n] = this.#value(n, at, input, cotangent);
  }

  /** Place in the packed captures that a step of kind 'read' read at the last position; −1 outside of the tensor. */
  placeOf(n: number): number {
    const { capture, indices } = this.#steps[n] as Extract<Step, { kind: 'read' }>;
    const { start, shape } = this.#captures[capture];
    let place = 0;
    for (const [axis, length] of shape.entries()) {
      const index = Math.floor(this.values[indices[axis]]);
      if (!(index >= 0 && index < length)) return -1;
      place = place * length + index;
    }
    return start + place;
  }

  #value(n: number, at: At, input: number, cotangent: number): number {
    const { [n]: step } = this.#steps;
    switch (step.kind) {
      case 'number':
        return step.value;
      case 'variable':
        return at[step.name];
      case 'input':
        return input;
      case 'cotangent':
        return cotangent;
      case 'read': {
        const place = this.placeOf(n);
        return place < 0 ? NaN : this.#packed[place];
      }
      case 'apply':
        return HOOK_FUNCTIONS[step.name].value(...step.args.map((arg) => this.values[arg]));
    }
  }
}
