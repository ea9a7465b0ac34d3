import * as tf from '@tensorflow/tfjs-core';
import type { Config } from '../config.js';
import { activationOf } from '../layers/activation.js';
import { blocksOf, classicBlock, type BlockNames } from '../layers/classic-block.js';
import { embedding, inTurn, layerNorm, linear, product } from '../layers/layer.js';
import { towerNetwork } from '../networks/tower-network.js';
import { firstOf, type Tower } from '../networks/tower.js';
import type { ParameterTree } from '../parameters.js';
import type { Family } from './family.js';
import { labelsOf } from './labels.js';

/**
 * DistilBERT: BERT without segments.
 *
 * @see Sanh et al. 2019, arXiv:1910.01108
 */
export const distilbert: Family = {
  prefix: 'distilbert.',
  classes: {
    DistilBertModel: (config, weights) => towerNetwork(encoder(config, weights)),
    DistilBertForMaskedLM: (config, weights) => {
      const [width, vocabulary] = [config.size('dim'), config.size('vocab_size')];
      const projector = weights.at('vocab_projector');
      const table = config.flag('tie_word_embeddings', true) ? weights.at('embeddings.word_embeddings') : projector;
      return towerNetwork(encoder(config, weights), {
        each: inTurn(
          linear(weights.at('vocab_transform'), width, width),
          activationOf(config.text('activation', 'gelu')),
          layerNorm(weights.at('vocab_layer_norm'), width, EPSILON),
          product(table.get('weight', [vocabulary, width]), projector.get('bias', [vocabulary])),
        ),
      });
    },
    DistilBertForSequenceClassification: (config, weights) => {
      const width = config.size('dim');
      const classify = inTurn(
        linear(weights.at('pre_classifier'), width, width),
        (x) => tf.relu(x),
        linear(weights.at('classifier'), width, labelsOf(config)),
      );
      return towerNetwork(encoder(config, weights), { pooled: classify, pool: firstOf });
    },
    DistilBertForTokenClassification: (config, weights) =>
      towerNetwork(encoder(config, weights), {
        each: linear(weights.at('classifier'), config.size('dim'), labelsOf(config)),
      }),
  },
};

/** Not in the configuration, but in the code. */
const EPSILON = 1e-12;

function encoder(config: Config, weights: ParameterTree): Tower {
  const width = config.size('dim');
  const table = weights.at('embeddings');
  const vocabulary = config.size('vocab_size');
  const maxPositions = config.size('max_position_embeddings', 512);
  const words = embedding(table.at('word_embeddings'), vocabulary, width);
  const places = embedding(table.at('position_embeddings'), maxPositions, width);
  const norm = layerNorm(table.at('LayerNorm'), width, EPSILON);
  return {
    vocabulary,
    maxPositions,
    embed: (tokens) => norm(tf.add(words(tokens.ids), places(tokens.places))),
    stack: {
      blocks: blocksOf(config.size('n_layers'), (n) =>
        classicBlock(weights.at(`transformer.layer.${n}`), {
          width,
          heads: config.size('n_heads'),
          between: config.size('hidden_dim'),
          activation: config.text('activation', 'gelu'),
          epsilon: EPSILON,
          norms: 'after',
          names: NAMES,
        }),
      ),
    },
  };
}

const NAMES: BlockNames = {
  attention: {
    query: 'attention.q_lin',
    key: 'attention.k_lin',
    value: 'attention.v_lin',
    output: 'attention.out_lin',
    norm: 'sa_layer_norm',
  },
  feedForward: { up: 'ffn.lin1', down: 'ffn.lin2', norm: 'output_layer_norm' },
};
