import { explain, type TensorLike } from '@heed/core';
import type * as tf from '@tensorflow/tfjs-core';
import { cannot, checkOptions, flagIn, numberIn, type Mapped, type Mapping } from '../mapping.js';
import { StateDict } from '../torch/state-dict.js';
import { stackFromTorch, throughStack } from '../torch/transformer.js';
import type { LayerSettings } from '../torch/transformer-block.js';
import type { VectorCase } from '../vector-case.js';
import { wordIn } from './heads.js';
import { layoutOf } from './torch-layout.js';

const LAYER = [
  'd_model',
  'nhead',
  'dim_feedforward',
  'activation',
  'layer_norm_eps',
  'norm_first',
  'bias',
  'batch_first',
  'batch',
  'src_len',
  'causal',
];
const STACK = ['layers', 'final_norm'];

/** PyTorch's `nn.TransformerEncoderLayer` and `nn.TransformerEncoder`. in/srcMask is true where a position takes part. */
export const mapTransformerEncoder: Mapping = (test) => {
  checkOptions(test, [...LAYER, ...STACK, 'src_lengths']);
  const settings = layerSettings(test);
  const layout = layoutOf(test);
  return {
    run(inputs, parameters) {
      const state = new StateDict(parameters);
      const stack = stackFromTorch(state, settings);
      state.checkAllRead();
      const mask = inputs['srcMask'] as tf.Tensor2D | undefined;
      const out = throughStack(stack, layout.sequences(inputs, 'src'), { causal: flagIn(test, 'causal'), mask });
      return { out: layout.back(out) };
    },
    ...attentionPath(test),
  };
};

/** PyTorch's `nn.TransformerDecoderLayer` and `nn.TransformerDecoder`. */
export const mapTransformerDecoder: Mapping = (test) => {
  checkOptions(test, [...LAYER, ...STACK, 'tgt_len', 'tgt_lengths', 'memory_lengths']);
  const settings = layerSettings(test);
  const layout = layoutOf(test);
  return {
    run(inputs, parameters) {
      const state = new StateDict(parameters);
      const stack = stackFromTorch(state, settings);
      state.checkAllRead();
      const { tgtMask, memoryMask } = inputs as Readonly<Record<string, tf.Tensor2D | undefined>>;
      const out = throughStack(stack, layout.sequences(inputs, 'tgt'), {
        causal: flagIn(test, 'causal'),
        mask: tgtMask,
        source: { memory: layout.sequences(inputs, 'memory'), mask: memoryMask },
      });
      return { out: layout.back(out) };
    },
    ...attentionPath(test),
  };
};

/** PyTorch's `nn.Transformer`. in/srcMask is of the encoder and of what the decoder sees of it. */
export const mapTransformer: Mapping = (test) => {
  checkOptions(test, [...LAYER, 'encoder_layers', 'decoder_layers', 'tgt_len', 'src_lengths', 'tgt_lengths']);
  const settings = layerSettings(test);
  const layout = layoutOf(test);
  return {
    run(inputs, parameters) {
      const state = new StateDict(parameters);
      const encoder = stackFromTorch(state.under('encoder'), settings);
      const decoder = stackFromTorch(state.under('decoder'), settings);
      state.checkAllRead();
      const { srcMask, tgtMask } = inputs as Readonly<Record<string, tf.Tensor2D | undefined>>;
      const memory = throughStack(encoder, layout.sequences(inputs, 'src'), { mask: srcMask });
      const out = throughStack(decoder, layout.sequences(inputs, 'tgt'), {
        causal: flagIn(test, 'causal'),
        mask: tgtMask,
        source: { memory, mask: srcMask },
      });
      return { out: layout.back(out), memory: layout.back(memory) };
    },
    ...attentionPath(test),
  };
};

/** PyTorch's own default. */
const DEFAULT_EPSILON = 1e-5;

export const layerSettings = (test: VectorCase): LayerSettings => ({
  heads: numberIn(test, 'nhead'),
  normFirst: flagIn(test, 'norm_first'),
  activation: 'activation' in test.options ? wordIn(test, 'activation', ['relu', 'gelu']) : 'relu',
  epsilon: 'layer_norm_eps' in test.options ? numberIn(test, 'layer_norm_eps') : DEFAULT_EPSILON,
});

/** How attention of a case's first layer runs; what masks it has besides is left out. */
function attentionPath(test: VectorCase): Pick<Mapped, 'path' | 'reasons'> {
  const x = test.tensors['in/src'] ?? test.tensors['in/tgt'] ?? cannot(test, 'in/src or in/tgt is missing');
  const { time } = layoutOf(test);
  return pathOfSelfAttention({
    batch: x.shape[1 - time]!,
    heads: numberIn(test, 'nhead'),
    time: x.shape[time]!,
    width: x.shape[2]!,
  });
}

export function pathOfSelfAttention(size: {
  readonly batch: number;
  readonly heads: number;
  readonly time: number;
  readonly width: number;
}): Pick<Mapped, 'path' | 'reasons'> {
  const { batch, heads, time, width } = size;
  const operand: TensorLike = { shape: [batch, heads, time, width / heads], dtype: 'float32' };
  const { path, reasons } = explain({ op: 'dotProductAttention', query: operand, key: operand, value: operand });
  return { path, reasons };
}
