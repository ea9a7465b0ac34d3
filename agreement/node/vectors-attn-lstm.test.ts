import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { createMechanism } from '@heed/attention';
import { composed, selectBackend, type AttentionBackend, type BackendFactory } from '@heed/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadAnywhere } from '@heed/backends/composed';
import {
  Parameters,
  createCell,
  createInputKernels,
  project,
  projectWithBias,
  toPositions,
  toSteps,
  type Direction,
} from '@heed/nn';

const backends = await loadAnywhere();

/** Another name of the cpu engine, with which the cell runs composed of TensorFlow.js's ops instead of in its host form. */
const OTHER_ENGINE = 'cpu-by-another-name';

async function registerOther(): Promise<void> {
  tf.copyRegisteredKernels('cpu', OTHER_ENGINE);
  tf.registerBackend(OTHER_ENGINE, () => new MathBackendCPU());
}

const BACKENDS: readonly (readonly [string, BackendFactory])[] = [
  ...backends.map((factory) => [factory.name, factory] as const),
  ['composed, with the cell composed too', composed({ engine: OTHER_ENGINE, load: registerOther })],
];

interface OrtTensor {
  readonly dims: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly data: readonly number[];
}

interface AttnLstmCase {
  readonly name: string;
  readonly attributes: { readonly direction: string; readonly hidden_size: number };
  /** Inputs by the operator's own names; null is an optional input that isn't given. */
  readonly inputs: Readonly<Record<string, OrtTensor | null>>;
  readonly expected: { readonly Y: OrtTensor };
}

interface Vectors {
  readonly tolerance: { readonly atol: number; readonly rtol: number };
  readonly cases: readonly AttnLstmCase[];
}

const file = new URL('../../vectors/ort-attn-lstm.json', import.meta.url);
const { tolerance, cases } = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

const DIRECTIONS: Readonly<Record<string, readonly Direction[]>> = {
  forward: ['forward'],
  reverse: ['backward'],
  bidirectional: ['forward', 'backward'],
};

/** Output Y of the operator, [T, directions, B, H]. */
function attnLstm({ attributes, inputs }: AttnLstmCase): tf.Tensor {
  const input = (name: string): tf.Tensor => {
    const { dims, data, dtype } = inputs[name]!;
    return tf.tensor([...data], [...dims], dtype);
  };
  const memory = { values: input('M') as tf.Tensor3D, lengths: input('memory_seq_lens') as tf.Tensor1D };
  const source = {
    x: tf.transpose(input('X'), [1, 0, 2]) as tf.Tensor3D, // [B, T, X]
    lengths: Int32Array.from(input('sequence_lens').dataSync()),
  };
  const outputs = DIRECTIONS[attributes.direction].map((direction, d) =>
    read(direction, attributes.hidden_size, source, memory, (name) => tf.squeeze(tf.slice(input(name), d, 1), [0])),
  );
  return tf.transpose(tf.stack(outputs), [2, 0, 1, 3]);
}

/**
 * One direction: an LSTM whose input is [x_t; a_{t−1}], and which after each step attends to the memory with its new h:
 * a_t = [h_t; c_t] W_a, with a_{−1} = 0.
 *
 * @returns h by position, [B, T, H]
 */
function read(
  direction: Direction,
  units: number,
  { x, lengths }: { x: tf.Tensor3D; lengths: Int32Array },
  memory: { values: tf.Tensor3D; lengths: tf.Tensor1D },
  weight: (name: string) => tf.Tensor,
): tf.Tensor3D {
  const [batch, time, width] = x.shape;
  const attentionKernel = weight('AW') as tf.Tensor2D; // [H + M, A]
  const attentionWidth = attentionKernel.shape[1];

  // Rows of the operator are the gates i, o, f, g; columns of the cell are i, f, g, o.
  const columns = (rows: tf.Tensor): tf.Tensor => {
    const [i, o, f, g] = tf.split(rows, 4) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    return tf.transpose(tf.concat([i, f, g, o]));
  };
  const [inputRows, attentionRows] = tf.split(columns(weight('W')), [width, attentionWidth]);
  const parameters = new Parameters(0, {
    'lstm/kernel': values(inputRows!),
    'lstm/attention_kernel': values(attentionRows!),
    'lstm/recurrent_kernel': values(columns(weight('R'))),
    'lstm/bias': values(columns(tf.addN(tf.split(weight('B'), 2)))),
  });
  const cell = createCell('lstm', parameters, 'lstm', units);
  const inputKernels = createInputKernels(parameters, 'lstm/kernel', width, cell);
  const attentionKernels = createInputKernels(parameters, 'lstm/attention_kernel', attentionWidth, cell);
  parameters.checkAllUsed();
  const [memoryWidth, compared] = weight('MW').shape as [number, number];
  const mechanism = createMechanism(
    { kind: 'additive', queryWidth: units, memoryWidth, units: compared, bias: false, seed: 0 },
    { query_kernel: weight('QW'), memory_kernel: weight('MW'), vector: weight('V') },
  );
  try {
    const prepared = mechanism.prepare(memory.values, { lengths: memory.lengths });
    const [projected] = projectWithBias(tf.reshape(x, [batch * time, width]), inputKernels, cell);
    const steps = toSteps(tf.reshape(projected!, [batch, time, -1]), direction, lengths);
    let state: tf.Tensor2D = tf.zeros([batch, cell.stateWidth]);
    let attended: tf.Tensor2D = tf.zeros([batch, attentionWidth]);
    const outputs = tf.unstack(steps).map((terms) => {
      state = cell.step([[terms as tf.Tensor2D, ...project(attended, attentionKernels)]], state);
      const h = cell.output(state);
      const { context } = mechanism.attend(h, prepared);
      attended = tf.matMul(tf.concat2d([h, context], 1), attentionKernel) as tf.Tensor2D;
      return h;
    });
    return toPositions({ [direction]: outputs }, lengths);
  } finally {
    mechanism.dispose();
    parameters.dispose();
  }
}

const values = (tensor: tf.Tensor) => ({ shape: tensor.shape, data: Float32Array.from(tensor.dataSync()) });

describe.each(BACKENDS)("ONNX Runtime's AttnLSTM cases on %s", (_, factory) => {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(factory);
  });
  afterAll(() => backend.dispose());
  const ran = new Set<string>();

  it.each(cases.map((test) => [test.name, test] as const))('%s', (name, test) => {
    const before = tf.memory().numTensors;
    const notMapped = ['P', 'initial_h', 'initial_c']; // peepholes and first states
    expect(notMapped.filter((input) => test.inputs[input] !== null)).toEqual([]);
    const actual = tf.tidy(() => {
      const y = attnLstm(test);
      return { shape: y.shape, data: Array.from(y.dataSync()) };
    });
    const { dims, data } = test.expected.Y;
    expect(actual.shape).toEqual(dims);
    const off = actual.data.filter(
      (value, i) => !(Math.abs(value - data[i]) <= tolerance.atol + tolerance.rtol * Math.abs(data[i])),
    );
    expect(off, `${actual.data} instead of ${data}`).toEqual([]);
    expect(tf.memory().numTensors).toBe(before);
    ran.add(name);
  });

  it('has run all 6', () => {
    expect(ran).toEqual(new Set(cases.map(({ name }) => name)));
    expect(ran.size).toBe(6);
  });
});
