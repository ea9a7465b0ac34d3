import * as tf from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { exportGraph } from '../../src/export/export-graph.js';
import type { ExportOptions, Graph, GraphTensor } from '../../src/export/graph.js';
import type { Assignment } from '../../src/export/sizes.js';

/** What a model of ONNX Runtime gives for tensors of TensorFlow.js. */
type Model = (inputs: Readonly<Record<string, tf.Tensor>>) => Promise<Readonly<Record<string, tf.Tensor>>>;

async function load(bytes: Uint8Array): Promise<Model> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  return async (inputs) => {
    const feeds = Object.entries(inputs).map(([name, tensor]) => [name, toRuntime(tensor)] as const);
    const results = await session.run(Object.fromEntries(feeds));
    const outputs = Object.entries(results).map(([name, result]) => [name, fromRuntime(result)] as const);
    return Object.fromEntries(outputs);
  };
}

const toRuntime = (tensor: tf.Tensor): Tensor => new Tensor(tensor.dtype as 'float32', tensor.dataSync(), tensor.shape);

const fromRuntime = ({ type, data, dims }: Tensor): tf.Tensor =>
  tf.tensor(data as Float32Array, [...dims], type as 'float32');

/** Inputs of a graph at sizes: numbers of a wave, bools of which most are true. */
function inputsAt({ inputs }: Graph, sizes: Assignment): Record<string, tf.Tensor> {
  const made = Object.entries(inputs).map(([name, input], n) => [name, inputOf(input, sizes, n + 1)] as const);
  return Object.fromEntries(made);
}

function inputOf({ shape, dtype }: GraphTensor, sizes: Assignment, phase: number): tf.Tensor {
  const known = shape.map((size) => (typeof size === 'string' ? sizes[size] : size));
  const size = known.reduce((a, b) => a * b, 1);
  const wave = Array.from({ length: size }, (_, n) => Math.sin(12.9898 * n + 1.7 * phase));
  if (dtype === 'float32') return tf.tensor(wave, known);
  if (dtype === 'int32')
    return tf.tensor(
      wave.map((x) => Math.round(2 + 2 * x)),
      known,
      'int32',
    );
  return tf.tensor(
    wave.map((x) => x > -0.7),
    known,
    'bool',
  );
}

/** The greatest difference between a graph and its model, at sizes; NaN and infinities must be the same ones. */
export async function differenceOf(
  graph: Graph,
  sizes: readonly Assignment[],
  options?: ExportOptions,
): Promise<number> {
  const model = await load(await exportGraph(graph, options));
  let worst = 0;
  for (const at of sizes) {
    const inputs = inputsAt(graph, at);
    const expected = graph.run(inputs);
    const got = await model(inputs);
    for (const [name, tensor] of Object.entries(expected)) worst = Math.max(worst, distance(name, got[name], tensor));
    tf.dispose([inputs, expected, got]);
  }
  return worst;
}

function distance(name: string, got: tf.Tensor, expected: tf.Tensor): number {
  if (got.shape.join() !== expected.shape.join()) throw new Error(`${name}: [${got.shape}] isn't [${expected.shape}]`);
  if (got.dtype !== expected.dtype) throw new Error(`${name}: ${got.dtype} isn't ${expected.dtype}`);
  const [a, b] = [got, expected].map((tensor) => Array.from(tensor.dataSync()));
  return a.reduce((worst, x, n) => Math.max(worst, Object.is(x, b[n]) ? 0 : Math.abs(x - b[n])), 0);
}
