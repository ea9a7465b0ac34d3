import { clone, type Tensor } from '@tensorflow/tfjs-core';
import { HeedError, checkFlag, checkOptions, show, type OptionNames } from '@heed/base';
import { takesGradients } from '../../engine.js';
import { checkAlive, checkDtype } from '../../tensor-like.js';
import { checkLength } from '../check.js';
import { pathOfModelOp, runModelOp } from '../run.js';
import { composedTensorScatter } from './composed.js';
import { tensorScatterSpec } from './spec.js';

export interface ScatterOptions {
  /** The first slot that is written: one for all batch rows, or one for each; 0 by default. */
  readonly starts?: number | ArrayLike<number>;
  /** The axis of slots, which isn't the batch's; a negative one counts from the end. −2 by default. */
  readonly axis?: number;
  /** Whether slot 0 comes after the last one; otherwise writing past the end is an error. */
  readonly circular?: boolean;
}

const OPTIONS: OptionNames<ScatterOptions> = { starts: true, axis: true, circular: true };

/**
 * A cache with an update in some of its slots: ONNX's `TensorScatter`, in both of its modes.
 *
 * @param cache  float32 [B, …, C, …]
 * @param update float32 [B, …, T, …], T ≤ C; the other axes are the cache's
 * @returns a new tensor shaped as the cache; gradients reach the update, and the cache where it wasn't overwritten
 * @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH, DTYPE_UNSUPPORTED, DISPOSED, UNKNOWN_OPTION
 * @see https://onnx.ai/onnx/operators/onnx__TensorScatter.html
 */
export const tensorScatter = <T extends Tensor>(cache: T, update: T, options: ScatterOptions = {}): T =>
  scatter(cache, update, options, false);

/**
 * The same for the owner of a cache who goes on with the result alone and disposes of the cache: where `canWriteInPlace`, nothing is
 * copied, and the cache's numbers change. A cache whose numbers a clone or a reshaped tensor shares is copied. On the cpu engine slices
 * of it share them too, as do arrays that it was made of or read into, and no kernel can tell: give a cache that only you have seen.
 */
export const tensorScatterInPlace = <T extends Tensor>(cache: T, update: T, options: ScatterOptions = {}): T =>
  scatter(cache, update, options, canWriteInPlace());

/** Whether the backend on the engine in use writes into tensors. While gradients are taken none does: they may need what was there. */
export const canWriteInPlace = (): boolean => pathOfModelOp(tensorScatterSpec) === 'fused' && !takesGradients();

function scatter<T extends Tensor>(cache: T, update: T, options: ScatterOptions, inPlace: boolean): T {
  checkOptions('tensorScatter', options, OPTIONS);
  checkTensors(cache, update);
  const axis = axisOf(cache, options.axis ?? -2);
  checkShapes(cache, update, axis);
  const [batch, slots, steps] = [cache.shape[0]!, cache.shape[axis]!, update.shape[axis]!];
  const starts = startsOf(options.starts ?? 0, batch);
  checkStarts(starts, { slots, steps, circular: checkFlag('tensorScatter: circular', options.circular) });
  if (update.size === 0) return clone(cache);
  const attributes = { axis, steps, starts, inPlace };
  return runModelOp(tensorScatterSpec, composedTensorScatter, { cache, update }, attributes).present as T;
}

function checkTensors(cache: Tensor, update: Tensor): void {
  for (const [name, tensor] of Object.entries({ cache, update })) {
    checkAlive(`tensorScatter: ${name}`, tensor, 'a float32 tensor [B, …, C, …]');
    checkDtype(`tensorScatter: ${name}`, tensor, 'float32');
  }
}

function axisOf({ rank, shape }: Tensor, given: number): number {
  const axis = given < 0 ? rank + given : given;
  if (Number.isInteger(axis) && axis >= 1 && axis < rank) return axis;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `tensorScatter: axis is ${show(given)}, the cache has shape [${shape}]`,
    hint: "an axis of the cache that isn't the first, which is the batch's",
  });
}

function checkShapes({ shape: cache }: Tensor, { shape: update }: Tensor, axis: number): void {
  const isAlike = update.length === cache.length && update.every((length, n) => n === axis || length === cache[n]);
  if (isAlike && update[axis]! <= cache[axis]!) return;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `tensorScatter: update has shape [${update}], cache [${cache}], slots are axis ${axis}`,
    hint: 'the update has as many slots as the cache or fewer, and is otherwise shaped like it',
    details: { cache, update, axis },
  });
}

function startsOf(given: number | ArrayLike<number>, batch: number): Int32Array {
  const starts = typeof given === 'number' ? Array.from({ length: batch }, () => given) : Array.from(given);
  checkLength('tensorScatter: starts', starts, batch);
  const odd = starts.find((start) => !Number.isInteger(start));
  if (odd === undefined) return Int32Array.from(starts);
  throw new HeedError('INVALID_ARGUMENT', {
    message: `tensorScatter: starts has ${show(odd)}`,
    hint: 'numbers of slots, which are whole',
  });
}

function checkStarts(
  starts: Int32Array,
  { slots, steps, circular }: { readonly slots: number; readonly steps: number; readonly circular: boolean },
): void {
  const end = circular ? slots - 1 : slots - Math.max(1, steps);
  const outside = starts.find((start) => start < 0 || start > end);
  if (outside === undefined || steps === 0) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `tensorScatter: ${steps} slots from ${outside} on, of a cache of ${slots}`,
    hint: circular ? `starts are from 0 to ${end}` : 'write within the cache, or say circular: true',
    details: { start: outside, steps, slots },
  });
}
