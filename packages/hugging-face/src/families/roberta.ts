import * as tf from '@tensorflow/tfjs-core';
import type { Config } from '../config.js';
import { inTurn, layerNorm, linear, type Layer } from '../layers/layer.js';
import { activationOf } from '../layers/activation.js';
import { towerNetwork } from '../networks/tower-network.js';
import { firstOf, type Tower } from '../networks/tower.js';
import type { ParameterTree } from '../parameters.js';
import { bertEncoder, poolerInFile, wordLogits } from './bert.js';
import type { Family } from './family.js';
import { labelsOf } from './labels.js';

/**
 * RoBERTa, and those of its form in other languages: BERT's encoder, with positions that count tokens from the pad's number on.
 *
 * @see Liu et al. 2019, arXiv:1907.11692; Conneau et al. 2019, arXiv:1911.02116; Martin et al. 2019, arXiv:1911.03894
 */
export const roberta: Family = {
  prefix: 'roberta.',
  classes: Object.assign({}, ...['Roberta', 'XLMRoberta', 'Camembert'].map(classesOf)) as Family['classes'],
};

function classesOf(name: string): Family['classes'] {
  return {
    [`${name}Model`]: (config, weights) =>
      towerNetwork({ ...robertaEncoder(config, weights), pool: poolerInFile(config, weights) }),
    [`${name}ForMaskedLM`]: (config, weights) =>
      towerNetwork(robertaEncoder(config, weights), { each: maskedHead(config, weights) }),
    [`${name}ForSequenceClassification`]: (config, weights) => {
      const width = config.size('hidden_size');
      const head = weights.at('classifier');
      const classify = inTurn(
        linear(head.at('dense'), width, width),
        (x) => tf.tanh(x),
        linear(head.at('out_proj'), width, labelsOf(config)),
      );
      return towerNetwork(robertaEncoder(config, weights), { pooled: classify, pool: firstOf });
    },
    [`${name}ForTokenClassification`]: (config, weights) =>
      towerNetwork(robertaEncoder(config, weights), {
        each: linear(weights.at('classifier'), config.size('hidden_size'), labelsOf(config)),
      }),
  };
}

/** The encoder of RoBERTa and of those that have its names. */
export function robertaEncoder(config: Config, weights: ParameterTree): Tower {
  const pad = config.index('pad_token_id', 1);
  return bertEncoder(config, weights, (ids) => {
    let position = pad;
    return ids.map((id) => (id === pad ? pad : ++position));
  });
}

function maskedHead(config: Config, weights: ParameterTree): Layer {
  const width = config.size('hidden_size');
  const head = weights.at('lm_head');
  return inTurn(
    linear(head.at('dense'), width, width),
    activationOf('gelu'),
    layerNorm(head.at('layer_norm'), width, config.positive('layer_norm_eps', 1e-12)),
    wordLogits(config, head, weights),
  );
}
