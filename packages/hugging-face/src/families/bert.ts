import * as tf from '@tensorflow/tfjs-core';
import { activationOf } from '../layers/activation.js';
import { attention } from '../layers/attention.js';
import type { Block } from '../layers/block.js';
import { feedForward } from '../layers/feed-forward.js';
import { embedding, inTurn, layerNorm, linear, product, type Layer } from '../layers/layer.js';
import { separate } from '../layers/project.js';
import type { Config } from '../config.js';
import { flatPositions } from '../networks/tokens.js';
import { towerNetwork } from '../networks/tower-network.js';
import { firstOf, type Pool, type Tower } from '../networks/tower.js';
import type { ParameterTree } from '../parameters.js';
import type { Family } from './family.js';
import { labelsOf } from './labels.js';

/**
 * BERT: blocks with the norms after the sums, learned positions and segments.
 *
 * @see Devlin et al. 2018, arXiv:1810.04805
 */
export const bert: Family = {
  prefix: 'bert.',
  renamed: [
    [/LayerNorm\.gamma$/, 'LayerNorm.weight'],
    [/LayerNorm\.beta$/, 'LayerNorm.bias'],
  ],
  classes: {
    BertModel: (config, weights) => {
      const pool = weights.at('pooler.dense').has('weight') ? poolerOf(config, weights) : undefined;
      return towerNetwork({ ...encoder(config, weights), pool });
    },
    BertForMaskedLM: (config, weights) =>
      towerNetwork(encoder(config, weights), { each: maskedHead(config, weights.at('cls.predictions'), weights) }),
    BertForSequenceClassification: (config, weights) =>
      towerNetwork(
        { ...encoder(config, weights), pool: poolerOf(config, weights) },
        { pooled: linear(weights.at('classifier'), config.size('hidden_size'), labelsOf(config)) },
      ),
    BertForTokenClassification: (config, weights) =>
      towerNetwork(encoder(config, weights), {
        each: linear(weights.at('classifier'), config.size('hidden_size'), labelsOf(config)),
      }),
  },
};

function encoder(config: Config, weights: ParameterTree): Tower {
  config.refuseUnless(!config.flag('is_decoder', false), 'is_decoder', 'false');
  config.refuseUnless(
    config.text('position_embedding_type', 'absolute') === 'absolute',
    'position_embedding_type',
    '"absolute"',
  );
  const width = config.size('hidden_size');
  const table = weights.at('embeddings');
  const vocabulary = config.size('vocab_size');
  const maxPositions = config.size('max_position_embeddings');
  const words = embedding(table.at('word_embeddings'), vocabulary, width);
  const places = embedding(table.at('position_embeddings'), maxPositions, width);
  const segments = config.size('type_vocab_size', 2);
  const types = embedding(table.at('token_type_embeddings'), segments, width);
  const norm = layerNorm(table.at('LayerNorm'), width, epsilonOf(config));
  return {
    vocabulary,
    maxPositions,
    segments,
    embed: (tokens) => norm(tf.addN([words(tokens.ids), places(flatPositions(tokens.positions)), types(tokens.types)])),
    stack: {
      blocks: Array.from({ length: config.size('num_hidden_layers') }, (_, n) =>
        block(config, weights.at(`encoder.layer.${n}`)),
      ),
    },
  };
}

function block(config: Config, weights: ParameterTree): Block {
  const width = config.size('hidden_size');
  const heads = config.size('num_attention_heads');
  const between = config.size('intermediate_size');
  const to = (name: string): Layer => linear(weights.at(name), width, width);
  return {
    attention: {
      layer: attention({
        heads,
        headWidth: width / heads,
        project: separate(to('attention.self.query'), to('attention.self.key'), to('attention.self.value')),
        output: to('attention.output.dense'),
      }),
      sum: layerNorm(weights.at('attention.output.LayerNorm'), width, epsilonOf(config)),
    },
    feedForward: {
      layer: feedForward(
        linear(weights.at('intermediate.dense'), width, between),
        activationOf(config.text('hidden_act', 'gelu')),
        linear(weights.at('output.dense'), between, width),
      ),
      sum: layerNorm(weights.at('output.LayerNorm'), width, epsilonOf(config)),
    },
  };
}

function poolerOf(config: Config, weights: ParameterTree): Pool {
  const width = config.size('hidden_size');
  const layer = linear(weights.at('pooler.dense'), width, width);
  return (last, tokens) => tf.tanh(layer(firstOf(last, tokens)));
}

function maskedHead(config: Config, weights: ParameterTree, body: ParameterTree): Layer {
  const [width, vocabulary] = [config.size('hidden_size'), config.size('vocab_size')];
  const tied = config.flag('tie_word_embeddings', true);
  const table = tied ? body.at('embeddings.word_embeddings') : weights.at('decoder');
  return inTurn(
    linear(weights.at('transform.dense'), width, width),
    activationOf(config.text('hidden_act', 'gelu')),
    layerNorm(weights.at('transform.LayerNorm'), width, epsilonOf(config)),
    product(table.get('weight', [vocabulary, width]), weights.get('bias', [vocabulary])),
  );
}

const epsilonOf = (config: Config): number => config.number('layer_norm_eps', 1e-12);
