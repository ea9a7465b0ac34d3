import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { decodeSafetensors } from '@heed/formats';
import { describe, expect, it } from 'vitest';
import { ATTENTION_LAYERS, fromKeras, KerasLayer, type CallArguments } from '../src/index.js';
import { BACKENDS, savedAndLoaded, useBackend } from './backends.js';

interface Case {
  readonly name: string;
  readonly class_name: string;
  readonly init: Readonly<Record<string, unknown>>;
  readonly call: Readonly<Record<string, unknown>>;
  readonly attached_masks: Readonly<Record<string, string>>;
  readonly weights: readonly { readonly tensor: string }[];
  readonly scores: string | null;
}

const file = (name: string): Buffer => readFileSync(new URL(`../../../vectors/keras/layers/${name}`, import.meta.url));
const { cases } = JSON.parse(file('cases.json').toString()) as { readonly cases: readonly Case[] };
const { tensors } = decodeSafetensors(file('cases.safetensors'));

/** Puts a mask on a tensor, as an embedding does. */
class WithMask extends KerasLayer {
  static readonly className = 'TestWithMask';
  readonly argumentNames = ['inputs', 'mask'];
  override supportsMasking = true;
  override buildFor(): void {}
  override run({ inputs }: CallArguments): tf.Tensor {
    return tf.clone(inputs as tf.Tensor);
  }
  override outputShapes({ inputs }: CallArguments): tf.Shape {
    return inputs as tf.Shape;
  }
}

/** The tensor of a case, where its name is one. */
function tensorOf({ name }: Case, key: string): tf.Tensor | undefined {
  const found = tensors[`${name}/${key}`];
  if (found === undefined) return undefined;
  const { data, shape, dtype } = found;
  const flat =
    dtype === 'bool' ? tf.tensor1d(Uint8Array.from(data as Uint8Array), 'bool') : tf.tensor1d(data as Float32Array);
  return tf.reshape(dtype === 'int32' ? tf.cast(flat, 'int32') : flat, [...shape]);
}

/** The case as a model, whose inputs are its tensors and masks in the order in which they are met. */
function modelOf(one: Case): { readonly model: tf.LayersModel; readonly given: tf.Tensor[] } {
  const met = new Map<string, { readonly given: tf.Tensor; readonly symbol: tf.SymbolicTensor }>();
  const symbolOf = (key: string): tf.SymbolicTensor | undefined => {
    const given = tensorOf(one, key);
    if (given === undefined) return undefined;
    if (!met.has(key)) met.set(key, { given, symbol: tf.input({ batchShape: given.shape, dtype: given.dtype }) });
    return met.get(key)!.symbol;
  };
  const masked = new Map<string, tf.SymbolicTensor>();
  const within = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(within);
    const symbol = typeof value === 'string' ? symbolOf(value) : undefined;
    if (symbol === undefined) return value;
    const mask = one.attached_masks[value as string];
    if (mask === undefined) return symbol;
    const known =
      masked.get(value as string) ?? (new WithMask().apply(symbol, { mask: symbolOf(mask) }) as tf.SymbolicTensor);
    masked.set(value as string, known);
    return known;
  };
  const layer = ATTENTION_LAYERS[one.class_name](one.init);
  const call = Object.fromEntries(
    Object.entries(fromKeras<CallArguments>(one.call)).map(([name, value]) => [name, within(value)]),
  );
  const { [layer.argumentNames[0]]: first, ...others } = call;
  const outputs = layer.apply(first as tf.SymbolicTensor, others) as tf.SymbolicTensor | tf.SymbolicTensor[];
  layer.setWeights(
    one.weights.map(({ tensor }, n) => tf.reshape(tensorOf(one, tensor)!, layer.weights[n].shape as number[])),
  );
  const entries = [...met.values()];
  return {
    model: tf.model({ inputs: entries.map(({ symbol }) => symbol), outputs }),
    given: entries.map(({ given }) => given),
  };
}

/** As predictions of one batch, whatever the batch: the model's own shapes are fixed. */
function predicted(model: tf.LayersModel, given: tf.Tensor[]): tf.Tensor[] {
  return [model.apply(given.length === 1 ? given[0] : given)].flat() as tf.Tensor[];
}

describe("Keras's numbers come out of a graph of TensorFlow.js too, also of one that was saved and loaded", () => {
  useBackend(BACKENDS[1]);

  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const { model, given } = modelOf(one);
    for (const graph of [model, await savedAndLoaded(model)]) {
      const outputs = predicted(graph, given);
      const expected = [tensorOf(one, 'out/output')!, ...(one.scores === null ? [] : [tensorOf(one, 'out/scores')!])];
      expect(outputs.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
      for (const [n, output] of outputs.entries()) {
        const error = tf.max(tf.sub(tf.abs(tf.sub(output, expected[n])), tf.mul(tf.abs(expected[n]), 1e-5)));
        expect((await error.data())[0]).toBeLessThan(2e-6);
      }
    }
  });
});
