import { crossEntropy } from '@heed/core/model-ops';
import { toRows, toSequences } from '@heed/nn';
import * as tf from '@tensorflow/tfjs-core';
import { cannot, checkOptions, numberIn, type Mapped, type Mapping } from '../mapping.js';
import { tensorsOf, type VectorCase } from '../vector-case.js';
import { wordIn } from './heads.js';
import { mapModules, pathOfAttention, type MakeModule } from './torch-module.js';
import { pathOfRecurrent } from './torch-recurrent.js';
import { transformerOptions } from './torch-transformer.js';

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
  const { parts, hidden } = BODIES[body];
  checkAllKnown(test, ['embed', ...parts]);
  const padding = test.options['padding_idx'] === undefined ? {} : { paddingIdx: numberIn(test, 'padding_idx') };
  return mapModules(test, (make) => {
    const embedding = make({ kind: 'Embedding', prefix: 'embed', ...padding });
    const through = hidden(test, make);
    const table = embedding.parameters['weight'] as tf.Tensor as tf.Tensor2D;
    return {
      run(inputs, parameters) {
        const { ids, targets } = inputs;
        if (ids === undefined || targets === undefined) cannot(test, 'in/ids and in/targets are needed');
        const rows = toRows(through(embedding.call(ids) as tf.Tensor3D));
        const products: tf.Tensor2D = tf.matMul(rows, table, false, true);
        const bias = parameters['head.bias'];
        const logits = bias === undefined ? products : tf.add<tf.Tensor2D>(products, bias);
        return {
          logits: toSequences(logits, ids.shape[0]!),
          loss: meanLoss(logits, Int32Array.from(targets.dataSync())),
        };
      },
      ...pathOf(test, body),
    };
  });
};

interface LanguageModelBody {
  /** Where its modules are in the state dict. */
  readonly parts: readonly string[];
  /** Makes them, for [B, T, E] → [B, T, E]. */
  hidden(test: VectorCase, make: MakeModule): (x: tf.Tensor3D) => tf.Tensor3D;
}

const recurrent = (kind: 'LSTM' | 'GRU'): LanguageModelBody => ({
  parts: ['body'],
  hidden(_, make) {
    const options = { prefix: 'body', batchFirst: true };
    const module = kind === 'LSTM' ? make({ kind, ...options }) : make({ kind, ...options });
    return (x) => module.call(x).output as tf.Tensor3D;
  },
});

const BODIES = {
  lstm: recurrent('LSTM'),
  gru: recurrent('GRU'),
  transformer: {
    parts: ['positions', 'body', 'norm'],
    hidden(test, make) {
      const options = { ...transformerOptions(test), normFirst: true };
      const positions = make({ kind: 'Embedding', prefix: 'positions' });
      const layer = make({ kind: 'TransformerEncoderLayer', prefix: 'body', ...options });
      const norm = make({ kind: 'LayerNorm', prefix: 'norm', ...(options.eps && { eps: options.eps }) });
      return (x) => {
        const places = positions.call(tf.range(0, x.shape[1], 1, 'int32'));
        return norm.call(layer.call(tf.add(x, places), { causal: true }).output) as tf.Tensor3D;
      };
    },
  },
} satisfies Readonly<Record<string, LanguageModelBody>>;

/** Refuses a parameter that is neither in one of these parts nor the head's. */
function checkAllKnown(test: VectorCase, parts: readonly string[]): void {
  const isKnown = (key: string): boolean =>
    ['head.weight', 'head.bias'].includes(key) || parts.some((part) => key.startsWith(`${part}.`));
  const stray = Object.keys(tensorsOf(test, 'param')).filter((key) => !isKnown(key));
  if (stray.length > 0) cannot(test, `the parameters [${stray.join(', ')}] belong to no part of the model`);
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
  if (body !== 'transformer') return pathOfRecurrent(body === 'lstm' ? 'LSTM' : 'GRU');
  const [batch, time] = test.tensors['in/ids']?.shape ?? cannot(test, 'in/ids is missing');
  const heads = numberIn(test, 'nhead');
  return pathOfAttention({ batch: batch!, heads, queries: time!, keys: time!, width: numberIn(test, 'width') });
}
