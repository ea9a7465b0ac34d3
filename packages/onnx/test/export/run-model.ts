import * as tf from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { exportGraph } from '../../src/export/export-graph.js';
import type { ExportOptions, Graph, GraphTensor } from '../../src/export/graph.js';
import type { Assignment } from '../../src/export/sizes.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** What a model of ONNX Runtime gives for tensors of TensorFlow.js. */
type Model = (inputs: Tensors) => Promise<Tensors>;

export async function load(bytes: Uint8Array): Promise<Model> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const types = new Map(session.inputMetadata.flatMap((input) => (input.isTensor ? [[input.name, input.type]] : [])));
  return async (inputs) => {
    const feeds = Object.entries(inputs).map(([name, tensor]) => [name, toRuntime(tensor, types.get(name))] as const);
    const results = await session.run(Object.fromEntries(feeds));
    const outputs = Object.entries(results).map(([name, result]) => [name, fromRuntime(result)] as const);
    return Object.fromEntries(outputs);
  };
}

function toRuntime(tensor: tf.Tensor, type: string | undefined): Tensor {
  const values = tensor.dataSync();
  if (type === 'int64') return new Tensor(type, BigInt64Array.from(values, BigInt), tensor.shape);
  return new Tensor(tensor.dtype as 'float32', values, tensor.shape);
}

const fromRuntime = ({ type, data, dims }: Tensor): tf.Tensor =>
  tf.tensor(data as Float32Array, [...dims], type as 'float32');

/** Inputs at sizes: numbers of a wave, bools of which most are true. */
export function inputsOf(inputs: Graph['inputs'], sizes: Assignment, phase = 1): Record<string, tf.Tensor> {
  const made = Object.entries(inputs).map(([name, input], n) => [name, inputOf(input, sizes, n + phase)] as const);
  return Object.fromEntries(made);
}

function inputOf({ shape, dtype }: GraphTensor, sizes: Assignment, phase: number): tf.Tensor {
  const known = shape.map((size) => (typeof size === 'string' ? sizes[size] : size));
  const wave = Array.from({ length: tf.util.sizeFromShape(known) }, (_, n) => Math.sin(12.9898 * n + 1.7 * phase));
  if (dtype === 'float32') return tf.tensor(wave, known);
  if (dtype === 'bool') return tf.tensor(wave.map(isOften), known, 'bool');
  return tf.tensor(wave.map(rounded), known, 'int32');
}

const isOften = (x: number): boolean => x > -0.7;
const rounded = (x: number): number => Math.round(2 + 2 * x);

/** The greatest difference between a graph and its model, at sizes; NaN and infinities must be the same ones. */
export async function differenceOf(
  graph: Graph,
  sizes: readonly Assignment[],
  options?: ExportOptions,
): Promise<number> {
  const model = await load(await exportGraph(graph, options));
  let worst = 0;
  for (const at of sizes) {
    const inputs = inputsOf(graph.inputs, at);
    const expected = graph.run(inputs);
    const got = await model(inputs);
    worst = Math.max(worst, distanceOf(got, expected));
    tf.dispose([inputs, expected, got]);
  }
  return worst;
}

/** The greatest difference between tensors of the same names, shapes and types. */
export function distanceOf(got: Tensors, expected: Tensors): number {
  const wanted = Object.entries(expected).filter(([, tensor]) => tensor !== undefined);
  if (
    Object.keys(got).toSorted().join() !==
    wanted
      .map(([name]) => name)
      .toSorted()
      .join()
  ) {
    throw new Error(`there are ${Object.keys(got).join(', ')}, not ${Object.keys(expected).join(', ')}`);
  }
  return Math.max(...wanted.map(([name, tensor]) => distance(name, got[name], tensor)));
}

function distance(name: string, got: tf.Tensor, expected: tf.Tensor): number {
  if (got.shape.join() !== expected.shape.join()) throw new Error(`${name}: [${got.shape}] isn't [${expected.shape}]`);
  if (got.dtype !== expected.dtype) throw new Error(`${name}: ${got.dtype} isn't ${expected.dtype}`);
  const [a, b] = [got, expected].map((tensor) => Array.from(tensor.dataSync()));
  return a.reduce((worst, x, n) => Math.max(worst, Object.is(x, b[n]) ? 0 : Math.abs(x - b[n])), 0);
}
