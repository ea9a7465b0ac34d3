import * as tf from '@tensorflow/tfjs-core';
import { HeedError, canReadAtOnce } from '@heed/core';
import type { Arrays } from './adam.js';
import type { Trainable } from './trainable.js';

/** Makes these the values of the model's parameters; the arrays are the model's from then on. */
export function assign(model: Trainable, values: Arrays): void {
  tf.tidy(() => {
    for (const [key, variable] of Object.entries(model.parameters)) {
      variable.assign(tf.tensor(values[key], variable.shape, 'float32'));
    }
  });
}

/** @throws HeedError SHAPE_MISMATCH when a parameter has no values, or not as many as it needs */
export function checkAgainst(model: Trainable, values: Arrays): void {
  for (const [key, { size, shape }] of Object.entries(model.parameters)) {
    if (values[key]?.length !== size) {
      throw new HeedError('SHAPE_MISMATCH', {
        message: `training: the state has ${values[key]?.length ?? 'no'} values for parameter '${key}' [${shape}]`,
        hint: 'the state is of another model',
        details: { key, shape },
      });
    }
  }
}

/** How many numbers each of the model's parameters has. */
export const sizesOf = (model: Trainable): Record<string, number> =>
  Object.fromEntries(Object.entries(model.parameters).map(([key, { size }]) => [key, size]));

/** Waits for the numbers of tensors where they can't be read at once; until they change, `dataSync` gives them then. */
export async function bringToHost(tensors: readonly tf.Tensor[]): Promise<void> {
  if (!canReadAtOnce()) await Promise.all(tensors.map((tensor) => tensor.data()));
}

/** The values of the model's parameters; to be read only. */
export const valuesOf = (model: Trainable): Arrays =>
  Object.fromEntries(Object.entries(model.parameters).map(([key, variable]) => [key, variable.dataSync<'float32'>()]));

export const copy = (arrays: Arrays): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([key, values]) => [key, values.slice()]));
