import { HOOK_FUNCTIONS } from './functions.js';
import { ANYTHING, between, exactly, type Interval } from './interval.js';
import { neededSteps, type CapturePart, type HookPart, type Step } from './program.js';

/** A block of positions: first and last index along each axis of the scores. */
export interface Block {
  readonly batch: number;
  readonly head: number;
  readonly query: readonly [number, number];
  readonly key: readonly [number, number];
}

/** Bounds of what a hook makes in a block: for a mask, whether all, none or some of it takes part. */
export class HookBounds {
  readonly #part: HookPart;
  readonly #packed: ArrayLike<number>;
  readonly #lengths: { readonly Tq: number; readonly Tk: number };
  readonly #needed: readonly number[];
  readonly #values: Interval[] = [];

  constructor(part: HookPart, packed: ArrayLike<number>, lengths: { readonly queries: number; readonly keys: number }) {
    this.#part = part;
    this.#packed = packed;
    this.#lengths = { Tq: lengths.queries, Tk: lengths.keys };
    const { steps, result } = part.program;
    this.#needed = [...neededSteps(steps, [result])].toSorted((a, b) => a - b);
  }

  of(block: Block): Interval {
    const { steps, result } = this.#part.program;
    for (const n of this.#needed) this.#values[n] = this.#boundsOf(steps[n], block);
    return this.#values[result];
  }

  #boundsOf(step: Step, block: Block): Interval {
    switch (step.kind) {
      case 'number':
        return exactly(step.value);
      case 'variable':
        switch (step.name) {
          case 'batch':
          case 'head':
            return exactly(block[step.name]);
          case 'query':
          case 'key':
            return between(block[step.name][0], block[step.name][1], true);
          default:
            return exactly(this.#lengths[step.name]);
        }
      case 'read':
        return boundsOfCells(
          this.#part.captures[step.capture],
          this.#packed,
          step.indices.map((index) => this.#values[index]),
        );
      case 'apply': {
        const { bounds, signature } = HOOK_FUNCTIONS[step.name];
        const args = step.args.map((arg) => this.#values[arg]);
        const bounded = (bounds as (...args: readonly Interval[]) => Interval)(...args);
        // NaN comes of NaN, but for truth values.
        return {
          ...bounded,
          maybeNaN: bounded.maybeNaN || (signature.endsWith('n') && args.some((arg) => arg.maybeNaN)),
        };
      }
      default:
        return ANYTHING;
    }
  }
}

/** Cells beyond which a look at each would cost more than it spares. */
const MOST_CELLS = 1024;

/** The smallest and the largest number among the cells that may be read. */
function boundsOfCells({ start, shape }: CapturePart, packed: ArrayLike<number>, at: readonly Interval[]): Interval {
  let places = [start];
  let stride = shape.reduce((size, length) => size * length, 1);
  for (const [axis, length] of shape.entries()) {
    stride /= length;
    const [first, last] = [Math.floor(at[axis].low), Math.floor(at[axis].high)];
    const isInside = first >= 0 && last < length;
    if (!isInside || places.length * (last - first + 1) > MOST_CELLS) return ANYTHING;
    const from = places;
    places = [];
    for (const place of from) for (let index = first; index <= last; index++) places.push(place + index * stride);
  }
  let [low, high, whole] = [Infinity, -Infinity, true];
  for (const place of places) {
    const x = packed[place];
    if (Number.isNaN(x)) return ANYTHING;
    low = Math.min(low, x);
    high = Math.max(high, x);
    whole &&= Number.isInteger(x);
  }
  return between(low, high, whole);
}
