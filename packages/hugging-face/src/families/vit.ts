import type { Config } from '../config.js';
import { activationOf } from '../layers/activation.js';
import { blocksOf, classicBlock, type BlockNames } from '../layers/classic-block.js';
import { inTurn, layerNorm, linear } from '../layers/layer.js';
import { patches } from '../layers/patches.js';
import { imageNetwork, type ImageTower } from '../networks/image-tower.js';
import type { ParameterTree } from '../parameters.js';
import type { Family } from './family.js';
import { labelsOf } from './labels.js';

/**
 * Vision transformer: pictures as rows of patches.
 *
 * @see Dosovitskiy et al. 2020, arXiv:2010.11929
 */
export const vit: Family = {
  prefix: 'vit.',
  classes: {
    ViTModel: (config, weights) => {
      const width = config.size('hidden_size');
      const dense = weights.at('pooler.dense');
      const pool = dense.has('weight')
        ? inTurn(
            linear(dense, width, config.size('pooler_output_size', width)),
            activationOf(config.text('pooler_act', 'tanh')),
          )
        : undefined;
      return imageNetwork(vitEncoder(config, weights), { pool });
    },
    ViTForImageClassification: (config, weights) =>
      imageNetwork(vitEncoder(config, weights), {
        head: linear(weights.at('classifier'), config.size('hidden_size'), labelsOf(config)),
      }),
  },
};

/** The encoder of pictures, after the prefix of its names. */
export function vitEncoder(config: Config, weights: ParameterTree): ImageTower {
  const width = config.size('hidden_size');
  const channels = config.size('num_channels', 3);
  const [patchSize, imageSize] = [config.size('patch_size', 16), config.size('image_size', 224)];
  const epsilon = config.positive('layer_norm_eps', 1e-12);
  const table = weights.at('embeddings');
  const side = Math.floor(imageSize / patchSize);
  return {
    channels,
    embed: patches(table.at('patch_embeddings.projection'), {
      width,
      channels,
      patchSize,
      imageSize,
      bias: true,
      first: table.get('cls_token', [1, 1, width]),
      positions: table.get('position_embeddings', [1, side * side + 1, width]),
    }),
    stack: {
      blocks: blocksOf(config.size('num_hidden_layers'), (n) =>
        classicBlock(weights.at(`encoder.layer.${n}`), {
          width,
          heads: config.size('num_attention_heads'),
          between: config.size('intermediate_size'),
          activation: config.text('hidden_act', 'gelu'),
          epsilon,
          norms: 'before',
          names: NAMES,
          bias: config.flag('qkv_bias', true),
        }),
      ),
      norm: layerNorm(weights.at('layernorm'), width, epsilon),
      lastBeforeNorm: true,
    },
  };
}

const NAMES: BlockNames = {
  attention: {
    query: 'attention.attention.query',
    key: 'attention.attention.key',
    value: 'attention.attention.value',
    output: 'attention.output.dense',
    norm: 'layernorm_before',
  },
  feedForward: { up: 'intermediate.dense', down: 'output.dense', norm: 'layernorm_after' },
};
