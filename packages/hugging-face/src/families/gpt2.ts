import * as tf from '@tensorflow/tfjs-core';
import { activationOf } from '../layers/activation.js';
import { attention } from '../layers/attention.js';
import type { Block } from '../layers/block.js';
import { feedForward } from '../layers/feed-forward.js';
import { embedding, layerNorm, linear, type Layer } from '../layers/layer.js';
import { packed, packedMemory } from '../layers/project.js';
import type { Config } from '../config.js';
import { towerNetwork } from '../networks/tower-network.js';
import { lastOf, type Tower } from '../networks/tower.js';
import type { ParameterTree } from '../parameters.js';
import type { Family } from './family.js';
import { labelsOf } from './labels.js';

/**
 * GPT-2: blocks with the norms before their parts, learned positions; weights of layers are stored [in, out].
 *
 * @see Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", §2.3
 */
export const gpt2: Family = {
  prefix: 'transformer.',
  spare: /^h\.\d+\.attn\.(bias|masked_bias)$/,
  classes: {
    GPT2Model: (config, weights) => towerNetwork(alone(config, weights)),
    GPT2LMHeadModel: (config, weights) => {
      const tied = config.flag('tie_word_embeddings', true);
      const table = weights.at(tied ? 'wte' : 'lm_head');
      return towerNetwork(alone(config, weights), {
        next: linear(table, config.size('n_embd'), config.size('vocab_size'), { bias: false }),
      });
    },
    GPT2ForSequenceClassification: (config, weights) => {
      const score = linear(weights.at('score'), config.size('n_embd'), labelsOf(config), { bias: false });
      const pool = lastOf(config.index('pad_token_id'));
      return towerNetwork(alone(config, weights), { pooled: score, pool });
    },
    GPT2ForTokenClassification: (config, weights) =>
      towerNetwork(alone(config, weights), {
        each: linear(weights.at('classifier'), config.size('n_embd'), labelsOf(config)),
      }),
  },
};

function alone(config: Config, weights: ParameterTree): Tower {
  config.refuseUnless(!config.flag('add_cross_attention', false), 'add_cross_attention', 'false');
  return gpt2Decoder(config, weights, false);
}

/** @param hasCross whether blocks attend to the states of an encoder */
export function gpt2Decoder(config: Config, weights: ParameterTree, hasCross: boolean): Tower {
  const width = config.size('n_embd');
  const vocabulary = config.size('vocab_size');
  const maxPositions = config.size('n_positions', 1024);
  const words = embedding(weights.at('wte'), vocabulary, width);
  const places = embedding(weights.at('wpe'), maxPositions, width);
  return {
    vocabulary,
    maxPositions,
    embed: (tokens) => tf.add(words(tokens.ids), places(tokens.places)),
    stack: {
      blocks: Array.from({ length: config.size('n_layer') }, (_, n) =>
        block(config, weights.at(`h.${n}`), n, hasCross),
      ),
      norm: layerNorm(weights.at('ln_f'), width, epsilonOf(config)),
    },
  };
}

function block(config: Config, weights: ParameterTree, n: number, hasCross: boolean): Block {
  const width = config.size('n_embd');
  const heads = config.size('n_head');
  const between = config.size('n_inner', 4 * width);
  const headWidth = width / heads;
  const to = (name: string, inputs: number, outputs: number): Layer =>
    linear(weights.at(name), inputs, outputs, { stored: 'inputs by outputs' });
  const scale =
    (config.flag('scale_attn_weights', true) ? 1 / Math.sqrt(headWidth) : 1) /
    (config.flag('scale_attn_by_inverse_layer_idx', false) ? n + 1 : 1);
  return {
    attention: {
      before: layerNorm(weights.at('ln_1'), width, epsilonOf(config)),
      layer: attention({
        heads,
        headWidth,
        project: packed(to('attn.c_attn', width, 3 * width)),
        output: to('attn.c_proj', width, width),
        scale,
        causal: true,
      }),
    },
    ...(hasCross && {
      cross: {
        before: layerNorm(weights.at('ln_cross_attn'), width, epsilonOf(config)),
        layer: attention({
          heads,
          headWidth,
          project: packedMemory(
            to('crossattention.q_attn', width, width),
            to('crossattention.c_attn', width, 2 * width),
          ),
          output: to('crossattention.c_proj', width, width),
          scale,
        }),
      },
    }),
    feedForward: {
      before: layerNorm(weights.at('ln_2'), width, epsilonOf(config)),
      layer: feedForward(
        to('mlp.c_fc', width, between),
        activationOf(config.text('activation_function', 'gelu_new')),
        to('mlp.c_proj', between, width),
      ),
    },
  };
}

const epsilonOf = (config: Config): number => config.positive('layer_norm_epsilon', 1e-5);
