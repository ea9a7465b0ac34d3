import type { TransformerOptions } from '@heed/torch';
import type * as tf from '@tensorflow/tfjs-core';
import { cannot, checkOptions, flagIn, numberIn, type Mapped, type Mapping, type NamedTensors } from '../mapping.js';
import type { VectorCase } from '../vector-case.js';
import { wordIn } from './heads.js';
import { isBatchFirst, mapModules, pathOfAttention, sizesOf } from './torch-module.js';

const LAYER = [
  'd_model',
  'nhead',
  'dim_feedforward',
  'activation',
  'layer_norm_eps',
  'norm_first',
  'bias',
  'batch_first',
  'unbatched',
  'batch',
  'src_len',
  'causal',
];
const STACK = ['layers', 'final_norm'];

/** PyTorch's `nn.TransformerEncoderLayer` and `nn.TransformerEncoder`. in/srcMask is true where a position takes part. */
const encoder =
  (kind: 'TransformerEncoderLayer' | 'TransformerEncoder'): Mapping =>
  (test) => {
    checkOptions(test, [...LAYER, ...STACK, 'src_lengths']);
    return mapModules(test, (make) => {
      const module = make({ kind, ...transformerOptions(test) });
      return {
        run(inputs) {
          const options = { keyMask: inputs['srcMask'], causal: flagIn(test, 'causal') };
          return { out: module.call(given(test, inputs, 'src'), options).output };
        },
        ...pathOf(test),
      };
    });
  };

/** PyTorch's `nn.TransformerDecoderLayer` and `nn.TransformerDecoder`. */
const decoder =
  (kind: 'TransformerDecoderLayer' | 'TransformerDecoder'): Mapping =>
  (test) => {
    checkOptions(test, [...LAYER, ...STACK, 'tgt_len', 'tgt_lengths', 'memory_lengths']);
    return mapModules(test, (make) => {
      const module = make({ kind, ...transformerOptions(test) });
      return {
        run(inputs) {
          const { output } = module.call(given(test, inputs, 'tgt'), given(test, inputs, 'memory'), {
            keyMask: inputs['tgtMask'],
            causal: flagIn(test, 'causal'),
            memory: { keyMask: inputs['memoryMask'] },
          });
          return { out: output };
        },
        ...pathOf(test),
      };
    });
  };

/** PyTorch's `nn.Transformer`. in/srcMask is of the encoder and of what the decoder sees of it. */
const transformer: Mapping = (test) => {
  checkOptions(test, [...LAYER, 'encoder_layers', 'decoder_layers', 'tgt_len', 'src_lengths', 'tgt_lengths']);
  return mapModules(test, (make) => {
    const module = make({ kind: 'Transformer', ...transformerOptions(test) });
    return {
      run(inputs) {
        const { srcMask, tgtMask } = inputs;
        const { output, memory } = module.call(given(test, inputs, 'src'), given(test, inputs, 'tgt'), {
          src: { keyMask: srcMask },
          tgt: { keyMask: tgtMask, causal: flagIn(test, 'causal') },
          memory: { keyMask: srcMask },
        });
        return { out: output, memory };
      },
      ...pathOf(test),
    };
  });
};

export const TORCH_TRANSFORMER_MAPPINGS = {
  'nn.TransformerEncoderLayer': encoder('TransformerEncoderLayer'),
  'nn.TransformerEncoder': encoder('TransformerEncoder'),
  'nn.TransformerDecoderLayer': decoder('TransformerDecoderLayer'),
  'nn.TransformerDecoder': decoder('TransformerDecoder'),
  'nn.Transformer': transformer,
} satisfies Readonly<Record<string, Mapping>>;

/** What the state dict of a case's transformer doesn't tell. */
export const transformerOptions = (test: VectorCase): TransformerOptions => ({
  heads: numberIn(test, 'nhead'),
  normFirst: flagIn(test, 'norm_first'),
  batchFirst: isBatchFirst(test),
  ...('activation' in test.options && { activation: wordIn(test, 'activation', ['relu', 'gelu']) }),
  ...('layer_norm_eps' in test.options && { eps: numberIn(test, 'layer_norm_eps') }),
});

const given = (test: VectorCase, inputs: NamedTensors, name: string): tf.Tensor =>
  inputs[name] ?? cannot(test, `in/${name} is missing`);

/** How attention of a case's first layer runs. */
function pathOf(test: VectorCase): Pick<Mapped, 'path' | 'reasons'> {
  const { shape } = test.tensors['in/src'] ?? test.tensors['in/tgt'] ?? cannot(test, 'in/src or in/tgt is missing');
  const { batch, time } = sizesOf(test, shape);
  return pathOfAttention({ batch, heads: numberIn(test, 'nhead'), queries: time, keys: time, width: shape.at(-1)! });
}
