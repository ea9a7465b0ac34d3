import { MODEL_OPS, crossEntropy, lookup, pathOfModelOp } from '@heed/core/model-ops';
import { toRows, toSequences } from '@heed/nn';
import * as tf from '@tensorflow/tfjs-core';
import { cannot, checkOptions, numberIn, type Mapped, type Mapping } from '../mapping.js';
import { StateDict } from '../torch/state-dict.js';
import { stackFromTorch, throughStack } from '../torch/transformer.js';
import { layerNormFromTorch } from '../torch/transformer-block.js';
import type { VectorCase } from '../vector-case.js';
import { wordIn } from './heads.js';
import { readFromTorch } from './torch-recurrent.js';
import { layerSettings, pathOfSelfAttention } from './torch-transformer.js';

const OPTIONS = [
  'body',
  'vocabulary',
  'width',
  'padding_idx',
  'nhead',
  'dim_feedforward',
  'activation',
  'head_bias',
  'batch',
  't',
  'lengths',
  'file',
];

/** Targets that count nothing, PyTorch's `ignore_index`. */
const IGNORED = -100;

/**
 * A language model of PyTorch's modules whose head is its embedding: logits = body(embed[ids])·embedᵀ, and their mean cross-entropy. The body is
 * an LSTM, a GRU, or one causal layer of a transformer with learned positions before it and a norm after it.
 */
export const mapLanguageModel: Mapping = (test) => {
  checkOptions(test, OPTIONS);
  checkTied(test);
  const body = wordIn(test, 'body', ['transformer', 'lstm', 'gru']);
  const vocabulary = numberIn(test, 'vocabulary');
  return {
    run(inputs, parameters) {
      const state = new StateDict(parameters);
      const { ids, targets } = inputs;
      if (ids === undefined || targets === undefined) cannot(test, 'in/ids and in/targets are needed');
      const [batch, time] = ids.shape as [number, number];
      const table = state.get('embed.weight') as tf.Tensor2D;
      const vectors = toSequences(lookup(withoutGradient(table, test), Int32Array.from(ids.dataSync())), batch);
      const hidden = BODIES[body](test, state, vectors, time);
      const products = tf.matMul(toRows(hidden), table, false, true);
      const logits = tf.add<tf.Tensor2D>(products, state.bias('head.bias', vocabulary));
      state.optional('head.weight'); // the same as the embedding
      state.checkAllRead();
      return { logits: toSequences(logits, batch), loss: meanLoss(logits, Int32Array.from(targets.dataSync())) };
    },
    ...pathOf(test, body),
  };
};

type Body = (test: VectorCase, state: StateDict, x: tf.Tensor3D, time: number) => tf.Tensor3D;

const BODIES = {
  lstm: (_, state, x) => readFromTorch(state.under('body'), 'nn.LSTM', x).read.memory,
  gru: (_, state, x) => readFromTorch(state.under('body'), 'nn.GRU', x).read.memory,
  transformer(test, state, x, time) {
    const settings = { ...layerSettings(test), normFirst: true };
    const places = tf.slice(state.get('positions.weight') as tf.Tensor2D, [0, 0], [time, -1]);
    const { blocks } = stackFromTorch(state.under('body'), settings);
    const norm = layerNormFromTorch(state.under('norm'), settings.epsilon);
    return throughStack({ blocks, norm }, tf.add(x, places), { causal: true });
  },
} satisfies Readonly<Record<string, Body>>;

/** The embedding of PyTorch's `padding_idx` is read like any other, and looking it up gives it no gradient. */
function withoutGradient(table: tf.Tensor2D, test: VectorCase): tf.Tensor2D {
  if (test.options['padding_idx'] === undefined) return table;
  const padding = numberIn(test, 'padding_idx');
  return tf.customGrad((x) => ({
    value: tf.clone(x as tf.Tensor),
    gradFunc(dOutput: tf.Tensor) {
      const isPadding = tf.equal(tf.range(0, table.shape[0], 1, 'int32'), padding);
      return tf.where(tf.expandDims(isPadding, 1), tf.zerosLike(dOutput), dOutput);
    },
  }))(table) as tf.Tensor2D;
}

function meanLoss(logits: tf.Tensor2D, targets: Int32Array): tf.Scalar {
  const counted = targets.filter((id) => id !== IGNORED).length;
  return crossEntropy(logits, {
    ids: targets.map((id) => (id === IGNORED ? 0 : id)),
    weights: Float32Array.from(targets, (id) => (id === IGNORED ? 0 : 1 / counted)),
    smoothing: 0,
  });
}

/** A file may have the one matrix under both keys, as PyTorch's state dicts do, or leave the head's out. */
function checkTied(test: VectorCase): void {
  const { 'param/embed.weight': embedding, 'param/head.weight': head } = test.tensors;
  if (head === undefined) return;
  const isSame =
    embedding?.data.length === head.data.length && Array.from(head.data).every((x, n) => x === embedding.data[n]);
  if (!isSame) cannot(test, 'head.weight is another matrix than embed.weight');
}

function pathOf(test: VectorCase, body: keyof typeof BODIES): Pick<Mapped, 'path' | 'reasons'> {
  if (body !== 'transformer') {
    return { path: pathOfModelOp(body === 'lstm' ? MODEL_OPS.lstmGates : MODEL_OPS.gruUpdate), reasons: [] };
  }
  const [batch, time] = test.tensors['in/ids']?.shape ?? cannot(test, 'in/ids is missing');
  return pathOfSelfAttention({
    batch: batch!,
    time: time!,
    heads: numberIn(test, 'nhead'),
    width: numberIn(test, 'width'),
  });
}
