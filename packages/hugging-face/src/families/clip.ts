import * as tf from '@tensorflow/tfjs-core';
import type { Config } from '../config.js';
import { blocksOf, classicBlock, type BlockNames } from '../layers/classic-block.js';
import type { Block } from '../layers/block.js';
import { embedding, layerNorm, linear } from '../layers/layer.js';
import { patches } from '../layers/patches.js';
import { imageTextNetwork } from '../networks/image-text.js';
import type { ImageTower } from '../networks/image-tower.js';
import { placesOf, type Pool, type Tower } from '../networks/tower.js';
import type { ParameterTree } from '../parameters.js';
import type { Family } from './family.js';

/**
 * CLIP: a tower of texts and one of pictures, whose vectors are alike where text and picture belong together.
 *
 * @see Radford et al. 2021, arXiv:2103.00020, §2.3 and 2.4
 */
export const clip: Family = {
  prefix: 'clip.',
  classes: {
    CLIPModel(config, weights) {
      const [texts, images] = [config.section('text_config'), config.section('vision_config')];
      const width = config.size('projection_dim', 512);
      const ofImages = weights.at('vision_model');
      return imageTextNetwork({
        text: textTower(texts, weights.at('text_model')),
        textProjection: linear(weights.at('text_projection'), texts.size('hidden_size'), width, { bias: false }),
        image: imageTower(images, ofImages),
        imageNorm: layerNorm(ofImages.at('post_layernorm'), images.size('hidden_size'), epsilonOf(images)),
        imageProjection: linear(weights.at('visual_projection'), images.size('hidden_size'), width, { bias: false }),
        scale: weights.get('logit_scale', []),
      });
    },
  },
};

function textTower(config: Config, weights: ParameterTree): Tower & { readonly pool: Pool } {
  const width = config.size('hidden_size');
  const vocabulary = config.size('vocab_size', 49408);
  const maxPositions = config.size('max_position_embeddings', 77);
  const words = embedding(weights.at('embeddings.token_embedding'), vocabulary, width);
  const places = embedding(weights.at('embeddings.position_embedding'), maxPositions, width);
  return {
    vocabulary,
    maxPositions,
    embed: (tokens) => tf.add(words(tokens.ids), places(tokens.places)),
    stack: {
      blocks: blocks(config, weights, true),
      norm: layerNorm(weights.at('final_layer_norm'), width, epsilonOf(config)),
      lastBeforeNorm: true,
    },
    pool: placesOf(endOf(config)),
  };
}

/** The first end; in folders of the first kind, whose number of it is wrong, the first of the highest number. */
function endOf(config: Config): (ids: Int32Array) => number {
  const end = config.index('eos_token_id', 2);
  const WRONG = 2;
  return (ids) => Math.max(ids.indexOf(end === WRONG ? ids.reduce((a, b) => Math.max(a, b), 0) : end), 0);
}

function imageTower(config: Config, weights: ParameterTree): ImageTower {
  const width = config.size('hidden_size');
  const channels = config.size('num_channels', 3);
  const [patchSize, imageSize] = [config.size('patch_size', 32), config.size('image_size', 224)];
  const side = Math.floor(imageSize / patchSize);
  const table = weights.at('embeddings');
  const embed = patches(table.at('patch_embedding'), {
    width,
    channels,
    patchSize,
    imageSize,
    bias: false,
    first: table.get('class_embedding', [width]),
    positions: table.at('position_embedding').get('weight', [side * side + 1, width]),
  });
  // Spelled so in the files.
  const norm = layerNorm(weights.at('pre_layrnorm'), width, epsilonOf(config));
  return {
    channels,
    embed: (pixels, interpolate) => norm(embed(pixels, interpolate)),
    stack: { blocks: blocks(config, weights, false) },
  };
}

const blocks = (config: Config, weights: ParameterTree, causal: boolean): readonly Block[] =>
  blocksOf(config.size('num_hidden_layers'), (n) =>
    classicBlock(weights.at(`encoder.layers.${n}`), {
      width: config.size('hidden_size'),
      heads: config.size('num_attention_heads'),
      between: config.size('intermediate_size'),
      activation: config.text('hidden_act', 'quick_gelu'),
      epsilon: epsilonOf(config),
      norms: 'before',
      names: NAMES,
      causal,
    }),
  );

const epsilonOf = (config: Config): number => config.positive('layer_norm_eps', 1e-5);

const NAMES: BlockNames = {
  attention: {
    query: 'self_attn.q_proj',
    key: 'self_attn.k_proj',
    value: 'self_attn.v_proj',
    output: 'self_attn.out_proj',
    norm: 'layer_norm1',
  },
  feedForward: { up: 'mlp.fc1', down: 'mlp.fc2', norm: 'layer_norm2' },
};
