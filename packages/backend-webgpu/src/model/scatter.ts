import type { ScatterAttributes } from '@heed/core/model-ops';
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Scope } from '../scope.js';
import { forEach, numbersOf } from './elementwise.js';

interface ScatterTensors {
  readonly cache: TensorInfo;
  readonly update: TensorInfo;
}

/** Writes an update into a cache where that may be overwritten, and else into a copy of it. */
export function scatter(
  scope: Scope,
  { cache, update }: ScatterTensors,
  { axis, steps, starts, inPlace }: ScatterAttributes,
): TensorInfo {
  const { shape } = cache;
  let present = inPlace && cache.dataId !== update.dataId ? scope.overwritable(cache) : undefined;
  if (present === undefined) {
    present = scope.output(shape);
    scope.engine.copy(scope.floats(cache), 0, present, 0, numbersOf(cache));
  }
  forEach(scope, numbersOf(update), {
    label: 'update of a cache',
    inputs: { X: update, Starts: scope.numbers([...starts]) },
    outputs: { Y: present },
    integers: {
      steps,
      slots: shape[axis]!,
      outer: util.sizeFromShape(shape.slice(1, axis)),
      width: util.sizeFromShape(shape.slice(axis + 1)),
    },
    code: `
  let t = n / u.width % u.steps;
  let row = n / (u.width * u.steps);
  let slot = (Starts[row / u.outer] + t) % u.slots;
  Y[(row * u.slots + slot) * u.width + n % u.width] = X[n];`,
  });
  return present;
}
