import * as tf from '@tensorflow/tfjs-core';
import {
  after,
  blocksOf,
  classicBlock,
  embedding,
  layerNorm,
  linear,
  towerNetwork,
  type Config,
  type Family,
  type ParameterTree,
  type Tower,
} from '@heed/hugging-face/families';

/**
 * OPT: GPT-2's shape under BART's names, with ReLU and two places before that of the first token.
 *
 * @see Zhang et al. 2022, arXiv:2205.01068
 */
export const opt: Family = {
  prefix: 'model.',
  classes: {
    OPTModel: (config, weights) => towerNetwork(decoder(config, weights.at('decoder'))),
    OPTForCausalLM: (config, weights) => {
      const own = weights.at('decoder');
      const table = own.at('embed_tokens');
      const next = linear(table, config.size('hidden_size'), config.size('vocab_size'), { bias: false });
      return towerNetwork(decoder(config, own), { next });
    },
  },
};

const FIRST_PLACE = 2;
const EPSILON = 1e-5;

function decoder(config: Config, weights: ParameterTree): Tower {
  config.refuseUnless(config.flag('do_layer_norm_before', true), 'do_layer_norm_before', 'true');
  const width = config.size('hidden_size');
  const vocabulary = config.size('vocab_size');
  const maxPositions = config.size('max_position_embeddings');
  const words = embedding(weights.at('embed_tokens'), vocabulary, width);
  const places = after(FIRST_PLACE, embedding(weights.at('embed_positions'), maxPositions + FIRST_PLACE, width));
  return {
    vocabulary,
    maxPositions,
    embed: (tokens) => tf.add(words(tokens.ids), places(tokens.places)),
    stack: {
      blocks: blocksOf(config.size('num_hidden_layers'), (n) =>
        classicBlock(weights.at(`layers.${n}`), {
          width,
          heads: config.size('num_attention_heads'),
          between: config.size('ffn_dim'),
          activation: config.text('activation_function', 'relu'),
          epsilon: EPSILON,
          norms: 'before',
          causal: true,
          names: {
            attention: {
              query: 'self_attn.q_proj',
              key: 'self_attn.k_proj',
              value: 'self_attn.v_proj',
              output: 'self_attn.out_proj',
              norm: 'self_attn_layer_norm',
            },
            feedForward: { up: 'fc1', down: 'fc2', norm: 'final_layer_norm' },
          },
        }),
      ),
      norm: layerNorm(weights.at('final_layer_norm'), width, EPSILON),
    },
  };
}
