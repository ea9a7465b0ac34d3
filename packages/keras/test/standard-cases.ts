import { readFileSync } from 'node:fs';
import { decodeSafetensors, type Tensors } from '@heed/formats';
import * as tf from '@tensorflow/tfjs';
import { STANDARD_LAYERS } from '../src/standard/index.js';
import type { MakeInner } from '../src/standard/make-layer.js';
import type { CallArguments, KerasLayer } from '../src/layers/keras-layer.js';
import type { Json } from '../src/files/read-json.js';

/** A layer as Keras made it, what it was called with, and how many tensors it gave. */
export interface StandardCase {
  readonly name: string;
  readonly class_name: string;
  readonly config: Json;
  readonly several: boolean;
  readonly inputs: number;
  readonly call: Readonly<Record<string, unknown>>;
  readonly training: boolean | null;
  readonly weights: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly trainable: boolean;
  }[];
  readonly outputs: number;
}

const folder = new URL('../../../vectors/keras/standard/', import.meta.url);

export const { cases: CASES } = JSON.parse(readFileSync(new URL('cases.json', folder), 'utf8')) as {
  readonly cases: readonly StandardCase[];
};
const { tensors: TENSORS } = decodeSafetensors(readFileSync(new URL('cases.safetensors', folder)));

/** Makes a layer of Keras's configuration, and those within it. */
export const makeInner: MakeInner = ({ class_name, config }) =>
  STANDARD_LAYERS[String(class_name)](config as Json, makeInner);

/** Arrays of a case by what they are: 'in/0', 'w/1', 'out/0', 'grad/w/0'. */
export function arraysOf(name: string): Tensors {
  const own = Object.entries(TENSORS).filter(([key]) => key.startsWith(`${name}/`));
  return Object.fromEntries(own.map(([key, array]) => [key.slice(name.length + 1), array]));
}

/** What a layer gave, by what it is. */
export type Results = Readonly<Record<string, { readonly shape: readonly number[]; readonly data: ArrayLike<number> }>>;

/** Runs a case: outputs, their masks, gradients of the sum of the outputs by their cotangents, and weights that changed. */
export function runCase(one: StandardCase): Results {
  const arrays = arraysOf(one.name);
  const layer = makeInner({ class_name: one.class_name, config: one.config }) as KerasLayer;
  const results: Record<string, Results[string]> = {};
  tf.tidy(() => {
    const variables = Object.fromEntries(
      Object.keys(arrays)
        .filter((key) => /^(in|initial_state)\//.test(key))
        .map((key) => [key, tf.variable(tensorOf(arrays, key), true)]),
    );
    const look = (key: unknown): unknown => {
      if (Array.isArray(key)) return key.map(look);
      if (typeof key !== 'string') return key;
      return variables[key] ?? tensorOf(arrays, key);
    };
    const inputs = Array.from({ length: one.inputs }, (_, n) => variables[`in/${n}`]);
    const first = layer.argumentNames[0];
    const bound: CallArguments = {
      [first]: one.several ? inputs : inputs[0],
      ...(one.training === true && layer.argumentNames.includes('training') && { training: true }),
      ...Object.fromEntries(
        Object.entries(one.call).map(([key, value]) => [key.replace('initial_state', 'initialState'), look(value)]),
      ),
    };
    const masks = inputs.map((_, n) => (`mask/${n}` in arrays ? tensorOf(arrays, `mask/${n}`) : null));
    const given = layer.fillMasks(bound, (tensor) => masks[inputs.indexOf(tensor as tf.Variable)] ?? null);
    const { [first]: leading, training: _, ...rest } = bound;
    // With tensors of its own, for a layer answers TensorFlow.js by the inputs of its calls.
    const copies = one.several ? inputs.map((input) => tf.clone(input)) : tf.clone(leading as tf.Tensor);
    layer.apply(copies, rest);
    setWeights(layer, one, arrays);

    const put = (key: string, tensor: tf.Tensor): void =>
      void (results[key] = { shape: tensor.shape, data: tensor.dataSync() });
    // Kernels of the engine may compute what isn't differentiated; a training step would change the weights twice.
    if (one.training !== true) [layer.run(given)].flat().forEach((output, n) => put(`alone/${n}`, output));
    const trained = layer.weights.map((weight) => weight.read() as tf.Variable);
    const targets = [
      ...Object.entries(variables),
      ...trained.map((variable, n) => [`w/${n}`, variable] as const),
    ].filter(([key, { dtype }]) => dtype === 'float32' && `grad/${key}` in arrays);
    const loss = (): tf.Scalar => {
      const outputs = [layer.run(given)].flat();
      if (outputs.length !== one.outputs) throw new Error(`${outputs.length} outputs, expected ${one.outputs}`);
      for (const [n, output] of outputs.entries()) put(`out/${n}`, output);
      const parts = outputs.flatMap((output, n) =>
        `cot/${n}` in arrays ? [tf.sum(tf.mul(output, tensorOf(arrays, `cot/${n}`)))] : [],
      );
      return parts.length === 0 ? tf.scalar(0) : (tf.addN(parts) as tf.Scalar);
    };
    if (targets.length > 0) {
      const { grads } = tf.variableGrads(
        loss,
        targets.map(([, variable]) => variable),
      );
      for (const [key, { name }] of targets) put(`grad/${key}`, grads[name]);
    } else loss();
    putMasks(layer, given, masks, one, put);
    for (const [n, weight] of layer.weights.entries()) if (`after/${n}` in arrays) put(`after/${n}`, weight.read());
    for (const variable of Object.values(variables)) variable.dispose();
    layer.dispose();
  });
  return results;
}

function setWeights(layer: KerasLayer, one: StandardCase, arrays: Tensors): void {
  const found = layer.weights.map(({ shape }) => [...shape]);
  // Keras lists those that train first in some layers; the loader finds them by what they are.
  const expected = one.weights.map(({ shape }) => [...shape]);
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`weights ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
  }
  for (const [n, weight] of layer.weights.entries()) weight.write(tensorOf(arrays, `w/${n}`));
}

function putMasks(
  layer: KerasLayer,
  given: CallArguments,
  masks: readonly (tf.Tensor | null)[],
  one: StandardCase,
  put: (key: string, tensor: tf.Tensor) => void,
): void {
  const carried = masks.every((mask) => mask === null) ? null : one.several ? [...masks] : masks[0];
  const before = (given['mask'] ?? carried) as tf.Tensor;
  if (!layer.supportsMasking) return;
  const found = [layer.computeMask(given[layer.argumentNames[0]] as tf.Tensor, before)].flat();
  for (const [n, mask] of found.entries()) if (mask !== null) put(`outmask/${n}`, mask);
}

function tensorOf(arrays: Tensors, key: string): tf.Tensor {
  const { data, shape, dtype } = arrays[key];
  const kind = dtype === 'bool' ? 'bool' : dtype === 'float32' ? 'float32' : 'int32';
  return tf.tensor(data as Float32Array, [...shape], kind);
}
