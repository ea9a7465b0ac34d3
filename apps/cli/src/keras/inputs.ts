import { decodeSafetensors } from '@heed/formats';
import type { KerasModel } from '@heed/keras';
import * as tf from '@tensorflow/tfjs-core';
import { readArray, type ReadArray } from '../attend/read-array.js';
import type { Host } from '../host.js';
import { UsageError } from '../usage-error.js';

/**
 * Inputs of a model from files: `x.npy`, `name=x.npy` for one of several, or `.safetensors` with `input/NAME` or `input/0`.
 *
 * @throws UsageError when one is missing, unknown or of another shape; HeedError of reading
 */
export async function readInputs(host: Host, model: KerasModel, files: readonly string[]): Promise<tf.Tensor[]> {
  const arrays = new Map<string, ReadArray>();
  const names = namesOf(model);
  for (const given of files) {
    const [name] = given.split('=', 1);
    if (given !== name && names.includes(name!))
      arrays.set(name!, await readArray(host, given.slice(name!.length + 1)));
    else if (given.endsWith('.safetensors'))
      for (const [key, array] of Object.entries(decodeSafetensors(await host.readFile(given)).tensors)) {
        const [, called] = /^(?:input\/)?(.+)$/.exec(key)!;
        arrays.set(called!, array);
      }
    else if (names.length === 1) arrays.set(names[0]!, await readArray(host, given));
    else
      throw new UsageError(
        `which input is ${JSON.stringify(given)}?`,
        `write NAME=${given}; the inputs are ${names.join(', ')}`,
      );
  }
  return tensorsOf(model, arrays);
}

const namesOf = (model: KerasModel): string[] => model.graph.spec.inputs.map(({ layer }) => layer);

/**
 * Arrays as the tensors that a model takes, in its order, by name or by number.
 *
 * @throws UsageError
 */
export function tensorsOf(model: KerasModel, arrays: ReadonlyMap<string, ReadArray>): tf.Tensor[] {
  const names = namesOf(model);
  const found = names.map((name, n) => {
    const array = arrays.get(name) ?? arrays.get(String(n));
    if (array === undefined) throw new UsageError(`input ${name} is missing`, `the inputs are ${names.join(', ')}`);
    checkShape(name, array.shape, model.inputs[n]!.shape);
    return array;
  });
  return found.map(({ shape, data }, n) => {
    const dtype = model.graph.dtypeOf(names[n]!) as 'float32' | 'int32' | 'bool';
    const values = dtype === 'float32' ? Float32Array.from(data) : Int32Array.from(data);
    return tf.tensor(dtype === 'bool' ? Uint8Array.from(values) : values, [...shape], dtype);
  });
}

function checkShape(name: string, shape: readonly number[], wanted: readonly (number | null)[]): void {
  const fits = shape.length === wanted.length && shape.every((length, n) => wanted[n] === null || wanted[n] === length);
  if (!fits)
    throw new UsageError(
      `input ${name} is [${shape.join(', ')}]`,
      `the model takes [${wanted.map((length) => length ?? 'any').join(', ')}]`,
    );
}
