import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import type { Config } from '../config.js';
import { runStack, type Stack } from '../layers/block.js';
import { blocksOf, classicBlock } from '../layers/classic-block.js';
import { embedding, layerNorm, linear } from '../layers/layer.js';
import { soundEmbedding } from '../layers/sound-embedding.js';
import { encoderDecoder, type Encoder } from '../networks/encoder-decoder.js';
import type { Tower } from '../networks/tower.js';
import { readValues } from '../networks/values.js';
import type { ParameterTree } from '../parameters.js';
import { DECODER_NAMES, ENCODER_NAMES } from './fairseq-names.js';
import type { Family } from './family.js';

/**
 * Whisper: spectrograms to texts. Norms before their parts, keys without a bias.
 *
 * @see Radford et al. 2022, arXiv:2212.04356, §2.2
 */
export const whisper: Family = {
  prefix: 'model.',
  spare: /^proj_out\.weight$/,
  classes: {
    WhisperModel: (config, weights) => encoderDecoder(soundEncoder(config, weights), textDecoder(config, weights)),
    WhisperForConditionalGeneration(config, weights) {
      const table = config.flag('tie_word_embeddings', true)
        ? weights.at('decoder.embed_tokens')
        : weights.at('proj_out');
      const head = linear(table, config.size('d_model'), config.size('vocab_size'), { bias: false });
      return encoderDecoder(soundEncoder(config, weights), textDecoder(config, weights), head);
    },
  },
};

function soundEncoder(config: Config, weights: ParameterTree): Encoder {
  const own = weights.at('encoder');
  const [width, bands] = [config.size('d_model'), config.size('num_mel_bins', 80)];
  const most = config.size('max_source_positions', 1500);
  const embed = soundEmbedding(own, bands, width);
  const places = own.at('embed_positions').get('weight', [most, width]);
  const stack = stackOf(config, own, 'encoder');
  return {
    takes: ['inputFeatures'],
    encode({ inputFeatures }, returnWeights) {
      const features = readValues('inputFeatures', inputFeatures, ['B', bands, 'frames']) as tf.Tensor3D;
      const [batch, , frames] = features.shape;
      if (frames !== 2 * most) {
        throw new HeedError('SHAPE_MISMATCH', {
          message: `inputFeatures have ${frames} frames, and the model's have ${2 * most}`,
          hint: 'pad sounds with silence, or cut them',
          details: { frames, expected: 2 * most },
        });
      }
      const rows = tf.reshape(tf.add(embed(features), places.tensor()), [-1, width]) as tf.Tensor2D;
      return { ...runStack(stack, rows, { batch, positions: [], returnWeights }), batch };
    },
  };
}

function textDecoder(config: Config, weights: ParameterTree): Tower {
  const own = weights.at('decoder');
  const width = config.size('d_model');
  const vocabulary = config.size('vocab_size');
  const maxPositions = config.size('max_target_positions', 448);
  const words = embedding(own.at('embed_tokens'), vocabulary, width);
  const places = embedding(own.at('embed_positions'), maxPositions, width);
  return {
    vocabulary,
    maxPositions,
    // The configuration's `scale_embedding` is read by no code of transformers.
    embed: (tokens) => tf.add(words(tokens.ids), places(tokens.places)),
    stack: stackOf(config, own, 'decoder'),
  };
}

function stackOf(config: Config, weights: ParameterTree, side: 'encoder' | 'decoder'): Stack {
  const width = config.size('d_model');
  return {
    blocks: blocksOf(config.size(`${side}_layers`), (n) =>
      classicBlock(weights.at(`layers.${n}`), {
        width,
        heads: config.size(`${side}_attention_heads`),
        between: config.size(`${side}_ffn_dim`),
        activation: config.text('activation_function', 'gelu'),
        epsilon: EPSILON,
        norms: 'before',
        names: side === 'encoder' ? ENCODER_NAMES : DECODER_NAMES,
        causal: side === 'decoder',
        keyBias: false,
      }),
    ),
    norm: layerNorm(weights.at('layer_norm'), width, EPSILON),
  };
}

/** PyTorch's default, which is no field of the configuration. */
const EPSILON = 1e-5;
