import { Tensor } from '@tensorflow/tfjs-core';
import { untapedOf } from '../../standard/untaped.js';
import { axesOf, floats, logical, pair, tensor, type Given } from '../operation-arguments.js';

/** An op as it is run. */
export interface Operation {
  /** Names of its arguments in Keras's order. */
  readonly names: readonly string[];
  /** Values of further arguments that ask for what is done anyway. */
  readonly fixed?: Given;
  readonly run: (given: Given) => Tensor | Tensor[];
}

/** Ops of a group, by the names of their classes in `keras.src.ops`. */
export type Operations = Readonly<Record<string, Operation>>;

export const unary = (run: (x: Tensor) => Tensor): Operation => ({ names: ['x'], run: ({ x }) => run(tensor(x)) });
/** An op of a tensor in float32. */
export const activation = (run: (x: Tensor) => Tensor): Operation => unary((x) => run(floats(x)));
export const binary = (run: (a: Tensor, b: Tensor) => Tensor): Operation => ({
  names: ['x1', 'x2'],
  run: ({ x1, x2 }) => run(...pair(x1, x2)),
});
/** An op of truths. */
export const both = (run: (a: Tensor, b: Tensor) => Tensor): Operation => ({
  names: ['x1', 'x2'],
  run: ({ x1, x2 }) => run(logical(x1), logical(x2)),
});
export const reduction = (run: (x: Tensor, axis: number[] | undefined, keep: boolean) => Tensor): Operation => ({
  names: ['x', 'axis', 'keepdims'],
  run: ({ x, axis, keepdims }) => run(tensor(x), axesOf(axis), keepdims === true),
});

/** The same op with a gradient of 0: TensorFlow.js has none of comparisons and places, and stops any that reaches them. */
export const withoutGradient = ({ run, ...op }: Operation): Operation => ({
  ...op,
  run(given) {
    const tensors = Object.values(given)
      .flat()
      .filter((value): value is Tensor => value instanceof Tensor);
    if (tensors.length === 0) return run(given);
    return untapedOf(tensors, (copies) => {
      const copyOf = (value: unknown): unknown => (value instanceof Tensor ? copies[tensors.indexOf(value)] : value);
      const entries = Object.entries(given).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.map(copyOf) : copyOf(value),
      ]);
      return run(Object.fromEntries(entries) as Given) as Tensor;
    });
  },
});

/** Ops of a group, each with a gradient of 0. */
export const allWithoutGradient = (group: Operations): Operations =>
  Object.fromEntries(Object.entries(group).map(([name, op]) => [name, withoutGradient(op)]));
