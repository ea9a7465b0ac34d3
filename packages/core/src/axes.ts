import type { Tensor } from '@tensorflow/tfjs-core';
import type { Shape4 } from './request.js';
import { HeedError, show } from '@heed/base';

/** Which of batch, heads, queries and keys a tensor has, in this order: 'bqk' is [B, Tq, Tk]. */
export type Axes = `${'b' | ''}${'h' | ''}${'q' | ''}${'k' | ''}`;

const ALL = 'bhqk';

/**
 * The shape [B, H, Tq, Tk] as which a mask or bias is read, with 1 along an axis that it doesn't have.
 *
 * Without names, axes are counted from the right. The first of three is the heads, and the batch where there is one head or
 * none; where batch and heads are alike, both would fit, so it must be said.
 *
 * @throws HeedError SHAPE_MISMATCH, AXES_REQUIRED
 */
export function placeAxes(what: string, tensor: Pick<Tensor, 'shape'>, axes: Axes | undefined, full: Shape4): Shape4 {
  const { shape } = tensor;
  const named = axes ?? unnamedAxes(what, shape, full);
  const placed = named === undefined ? undefined : place(shape, named);
  if (placed === undefined || !fits(placed, full)) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${what} has shape [${shape}], which doesn't broadcast to [B, H, Tq, Tk] = [${full}] as ${named ?? 'any'} axes`,
      hint: readingsOf(shape, full) ?? 'each axis must be full or 1',
      details: { shape, full, axes: named },
    });
  }
  return placed;
}

/** Refuses axes that don't name those of the tensor. */
export function checkAxes(what: string, { shape }: Pick<Tensor, 'shape'>, axes: Axes | undefined): void {
  if (axes === undefined) return;
  if (typeof axes !== 'string' || !/^b?h?q?k?$/.test(axes)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: axes are ${show(axes)}`,
      hint: "letters of 'bhqk' in this order: b batch, h heads, q queries, k keys",
      details: { axes },
    });
  }
  if (axes.length !== shape.length) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${what}: axes '${axes}' name ${axes.length} axes of a tensor of shape [${shape}]`,
      hint: 'give one letter for each axis',
      details: { shape, axes },
    });
  }
}

function unnamedAxes(what: string, shape: readonly number[], full: Shape4): Axes | undefined {
  const [batch, heads] = full;
  const [first] = shape;
  if (shape.length > ALL.length) return undefined;
  if (shape.length !== 3) return ALL.slice(ALL.length - shape.length) as Axes;
  if (heads === 1) return 'bqk';
  if (first === batch && first === heads) {
    throw new HeedError('AXES_REQUIRED', {
      message: `${what} has shape [${shape}], and both batch and heads are ${first}`,
      hint: "name its axes, 'bqk' or 'hqk': dense(tensor, { axes: 'bqk' })",
      details: { shape, full },
    });
  }
  return 'hqk';
}

const place = (shape: readonly number[], axes: Axes): Shape4 =>
  [...ALL].map((letter) => (axes.includes(letter) ? shape[axes.indexOf(letter)] : 1)) as unknown as Shape4;

const fits = (shape: Shape4, full: Shape4): boolean =>
  shape.every((length, axis) => length === 1 || length === full[axis]);

/** How the shape would fit with other axes. */
function readingsOf(shape: readonly number[], full: Shape4): string | undefined {
  const readings = NAMES.filter((axes) => axes.length === shape.length && fits(place(shape, axes), full));
  if (readings.length === 0) return undefined;
  return `if its axes are others, name them: dense(tensor, { axes: '${readings.join("' }), or { axes: '")}' })`;
}

/** Every choice of axes. */
const NAMES = Array.from({ length: 2 ** ALL.length }, (_, chosen) =>
  [...ALL].filter((_, axis) => (chosen >> axis) & 1).join(''),
) as readonly Axes[];
