import * as tf from '@tensorflow/tfjs-core';
import type { Config } from '../config.js';
import { activationOf } from '../layers/activation.js';
import { blocksOf, classicBlock, type BlockNames } from '../layers/classic-block.js';
import { embedding, inTurn, layerNorm, linear, product, type Layer } from '../layers/layer.js';
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
    BertModel: (config, weights) =>
      towerNetwork({ ...bertEncoder(config, weights), pool: poolerInFile(config, weights) }),
    BertForMaskedLM: (config, weights) =>
      towerNetwork(bertEncoder(config, weights), { each: bertWords(config, weights.at('cls.predictions'), weights) }),
    BertForSequenceClassification: (config, weights) =>
      towerNetwork(
        { ...bertEncoder(config, weights), pool: poolerOf(config, weights) },
        { pooled: linear(weights.at('classifier'), config.size('hidden_size'), labelsOf(config)) },
      ),
    BertForTokenClassification: (config, weights) =>
      towerNetwork(bertEncoder(config, weights), {
        each: linear(weights.at('classifier'), config.size('hidden_size'), labelsOf(config)),
      }),
  },
};

/** The encoder of BERT and of those that have its names. */
export function bertEncoder(config: Config, weights: ParameterTree, positionRule?: Tower['positionRule']): Tower {
  config.refuseUnless(!config.flag('is_decoder', false), 'is_decoder', 'false');
  return tower(config, weights, { positionRule });
}

/** BERT as a decoder, whose blocks attend to the states of an encoder. */
export const bertDecoder = (config: Config, weights: ParameterTree): Tower =>
  tower(config, weights, { isDecoder: true });

interface TowerOptions extends Pick<Tower, 'positionRule'> {
  readonly isDecoder?: boolean;
}

function tower(config: Config, weights: ParameterTree, { positionRule, isDecoder = false }: TowerOptions): Tower {
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
    positionRule,
    embed: (tokens) => norm(tf.addN([words(tokens.ids), places(tokens.places), types(tokens.types)])),
    stack: {
      blocks: blocksOf(config.size('num_hidden_layers'), (n) =>
        classicBlock(weights.at(`encoder.layer.${n}`), {
          width,
          heads: config.size('num_attention_heads'),
          between: config.size('intermediate_size'),
          activation: config.text('hidden_act', 'gelu'),
          epsilon: epsilonOf(config),
          norms: 'after',
          names: isDecoder ? { ...NAMES, cross: attentionNames('crossattention') } : NAMES,
          causal: isDecoder,
        }),
      ),
    },
  };
}

const attentionNames = (part: string): BlockNames['attention'] => ({
  query: `${part}.self.query`,
  key: `${part}.self.key`,
  value: `${part}.self.value`,
  output: `${part}.output.dense`,
  norm: `${part}.output.LayerNorm`,
});

const NAMES: BlockNames = {
  attention: attentionNames('attention'),
  feedForward: { up: 'intermediate.dense', down: 'output.dense', norm: 'output.LayerNorm' },
};

function poolerOf(config: Config, weights: ParameterTree): Pool {
  const width = config.size('hidden_size');
  const layer = linear(weights.at('pooler.dense'), width, width);
  return (last, tokens) => tf.tanh(layer(firstOf(last, tokens)));
}

/** The pooler, which files of bodies with another head don't have. */
export const poolerInFile = (config: Config, weights: ParameterTree): Pool | undefined =>
  weights.at('pooler.dense').has('weight') ? poolerOf(config, weights) : undefined;

/** BERT's layers from states to words, whose table of words the body may have. */
export function bertWords(config: Config, weights: ParameterTree, body: ParameterTree): Layer {
  const width = config.size('hidden_size');
  return inTurn(
    linear(weights.at('transform.dense'), width, width),
    activationOf(config.text('hidden_act', 'gelu')),
    layerNorm(weights.at('transform.LayerNorm'), width, epsilonOf(config)),
    wordLogits(config, weights, body),
  );
}

/** The last layer: the body's table of words and a bias beside it; or, where the two aren't tied, a table and a bias of its own, which older files have beside it. */
export function wordLogits(config: Config, head: ParameterTree, body: ParameterTree): Layer {
  const [width, vocabulary] = [config.size('hidden_size'), config.size('vocab_size')];
  const own = head.at('decoder');
  const tied = config.flag('tie_word_embeddings', true);
  const table = tied ? body.at('embeddings.word_embeddings') : own;
  const bias = !tied && own.has('bias') ? own : head;
  return product(table.get('weight', [vocabulary, width]), bias.get('bias', [vocabulary]));
}

const epsilonOf = (config: Config): number => config.positive('layer_norm_eps', 1e-12);
