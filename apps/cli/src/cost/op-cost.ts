import { additiveAttention, dotProductAttention } from '@heed/core';
import { costOfAttention, type AttentionCost, type AttentionProblem } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import type { CostFlags } from '../commands/cost-command.js';
import { measureInTurns, type Measured } from './measure.js';

type OpSizes = Pick<CostFlags, 'batch' | 'heads' | 'length' | 'width'>;

export interface OpCost {
  readonly problem: AttentionProblem;
  readonly formula: AttentionCost;
  /** The op as the selected backend has it, and the same composed of TensorFlow.js ops on its engine. */
  readonly measured: Readonly<Record<'heed' | 'composed', Record<'forward' | 'training', Measured>>>;
}

/** What an op of `@heed/core` takes, by formula and as measured on the selected backend. */
export async function costOfOp(op: AttentionProblem['op'], sizes: OpSizes, rounds: number): Promise<OpCost> {
  const { batch = 1, heads = 8, length = 256, width = 64 } = sizes;
  const isDot = op === 'dotProductAttention';
  const problem: AttentionProblem = isDot
    ? { op, batch, heads, queries: length, keys: length, width }
    : { op, batch, queries: length, keys: length, units: width, valueWidth: width };
  const shape = isDot ? [batch, heads, length, width] : [batch, length, width];
  const inputs = [0, 1, 2].map((n) => tf.randomNormal(shape, 0, 1, 'float32', n + 1));
  if (!isDot) inputs.push(tf.randomNormal([width], 0, 1, 'float32', 4));
  const forms = isDot ? { heed: dot, composed: composedDot } : { heed: additive, composed: composedAdditive };
  try {
    const passes = (pass: (form: Form) => tf.Tensor[]) =>
      measureInTurns({ heed: () => pass(forms.heed), composed: () => pass(forms.composed) }, rounds);
    const forward = await passes((form) => [tf.tidy(() => form(inputs))]);
    const training = await passes((form) => {
      const gradients = tf.grads((...given: tf.Tensor[]) => tf.sum(form(given)) as tf.Scalar);
      return tf.tidy(() => gradients(inputs));
    });
    const of = (name: keyof typeof forms) => ({ forward: forward[name], training: training[name] });
    return { problem, formula: costOfAttention(problem), measured: { heed: of('heed'), composed: of('composed') } };
  } finally {
    tf.dispose(inputs);
  }
}

type Inputs = readonly tf.Tensor[];
type Form = (inputs: Inputs) => tf.Tensor;

const dot = ([q, k, v]: Inputs): tf.Tensor =>
  dotProductAttention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D).context;

const composedDot = ([q, k, v]: Inputs): tf.Tensor =>
  tf.matMul(tf.softmax(tf.mul(tf.matMul(q!, k!, false, true), 1 / Math.sqrt(q!.shape.at(-1)!))), v!);

const additive = ([q, k, v, vector]: Inputs): tf.Tensor =>
  additiveAttention(q as tf.Tensor3D, k as tf.Tensor3D, vector as tf.Tensor1D, v as tf.Tensor3D).context;

/** vᵀ tanh(q + k) with the whole [B, Tq, Tk, U] in memory. */
function composedAdditive([q, k, v, vector]: Inputs): tf.Tensor {
  const [batch, length, units] = q!.shape as [number, number, number];
  const sums = tf.add(tf.expandDims(q!, 2), tf.expandDims(k!, 1));
  const scores = tf.matMul(tf.reshape(tf.tanh(sums), [-1, units]), tf.reshape(vector!, [units, 1]));
  return tf.matMul(tf.softmax(tf.reshape(scores, [batch, length, length])), v!);
}
