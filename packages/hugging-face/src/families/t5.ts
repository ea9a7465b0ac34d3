import * as tf from '@tensorflow/tfjs-core';
import type { Config } from '../config.js';
import { activationOf } from '../layers/activation.js';
import { attention } from '../layers/attention.js';
import type { Block } from '../layers/block.js';
import { blocksOf } from '../layers/classic-block.js';
import { feedForward, gatedFeedForward } from '../layers/feed-forward.js';
import { embedding, inTurn, linear, rmsNorm, type Layer } from '../layers/layer.js';
import { separate } from '../layers/project.js';
import { relativeBias } from '../layers/relative-bias.js';
import { encoderDecoder, textEncoder } from '../networks/encoder-decoder.js';
import { towerNetwork } from '../networks/tower-network.js';
import type { Tower } from '../networks/tower.js';
import type { ParameterTree } from '../parameters.js';
import type { Family } from './family.js';

/**
 * T5 1.0 and 1.1, and mT5: biases of the scores by distance in place of positions, scores without a scale, no biases of layers.
 *
 * @see Raffel et al. 2019, arXiv:1910.10683, §2.1; Xue et al. 2020, arXiv:2010.11934, for mT5
 */
export const t5: Family = {
  prefix: 'transformer.',
  bare: /T5/,
  spare:
    /^(encoder|decoder)\.embed_tokens\.weight$|^decoder\.block\.0\.layer\.1\.EncDecAttention\.relative_attention_bias\.weight$/,
  classes: Object.assign({}, ...['T5', 'MT5'].map(classesOf)) as Family['classes'],
};

function classesOf(name: string): Family['classes'] {
  return {
    [`${name}Model`]: (config, weights) =>
      encoderDecoder(textEncoder(tower(config, weights, 'encoder')), tower(config, weights, 'decoder')),
    [`${name}EncoderModel`]: (config, weights) => towerNetwork(tower(config, weights, 'encoder')),
    [`${name}ForConditionalGeneration`]: (config, weights) =>
      encoderDecoder(
        textEncoder(tower(config, weights, 'encoder')),
        tower(config, weights, 'decoder'),
        vocabularyHead(config, weights, name === 'T5'),
      ),
  };
}

/** The embeddings' weights, unless the file has others. T5 1.0 scales what goes in; mT5, which is made as 1.1 is, never does. */
function vocabularyHead(config: Config, weights: ParameterTree, mayScale: boolean): Layer {
  const width = config.size('d_model');
  const own = weights.at('lm_head');
  const table = own.has('weight') ? own : weights.at('shared');
  const logits = linear(table, width, config.size('vocab_size'), { bias: false });
  const isScaled = mayScale && config.flag('scale_decoder_outputs', config.flag('tie_word_embeddings', true));
  return isScaled ? inTurn((x) => tf.mul(x, width ** -0.5), logits) : logits;
}

function tower(config: Config, weights: ParameterTree, side: 'encoder' | 'decoder'): Tower {
  const width = config.size('d_model');
  const vocabulary = config.size('vocab_size');
  const words = embedding(weights.at('shared'), vocabulary, width);
  const isDecoder = side === 'decoder';
  const layers = config.size('num_layers');
  return {
    vocabulary,
    embed: ({ ids }) => words(ids),
    stack: {
      blocks: blocksOf(isDecoder ? config.size('num_decoder_layers', layers) : layers, (n) =>
        block(config, weights.at(`${side}.block.${n}`), isDecoder),
      ),
      norm: rmsNorm(weights.at(`${side}.final_layer_norm`), width, epsilonOf(config)),
      bias: relativeBias(weights.at(`${side}.block.0.layer.0.SelfAttention.relative_attention_bias`), {
        heads: config.size('num_heads'),
        buckets: config.size('relative_attention_num_buckets', 32),
        maxDistance: config.size('relative_attention_max_distance', 128),
        bothSides: !isDecoder,
      }),
    },
  };
}

function block(config: Config, weights: ParameterTree, isDecoder: boolean): Block {
  const width = config.size('d_model');
  const [heads, headWidth] = [config.size('num_heads'), config.size('d_kv')];
  const inside = heads * headWidth;
  const norm = (part: ParameterTree): Layer => rmsNorm(part.at('layer_norm'), width, epsilonOf(config));
  const attend = (part: ParameterTree, name: string, causal: boolean) => {
    const to = (letter: string): Layer => linear(part.at(`${name}.${letter}`), width, inside, { bias: false });
    const layer = attention({
      heads,
      headWidth,
      project: separate(to('q'), to('k'), to('v')),
      output: linear(part.at(`${name}.o`), inside, width, { bias: false }),
      scale: 1,
      causal,
    });
    return { before: norm(part), layer };
  };
  const last = weights.at(`layer.${isDecoder ? 2 : 1}`);
  return {
    attention: attend(weights.at('layer.0'), 'SelfAttention', isDecoder),
    ...(isDecoder && { cross: attend(weights.at('layer.1'), 'EncDecAttention', false) }),
    feedForward: { before: norm(last), layer: inner(config, last.at('DenseReluDense')) },
  };
}

/** What the fields say that transformers writes out, and else the one that they come from: "relu", "gated-gelu". */
function inner(config: Config, weights: ParameterTree): Layer {
  const [width, between] = [config.size('d_model'), config.size('d_ff')];
  const kind = config.text('feed_forward_proj', weights.at('wi_0').has('weight') ? 'gated-gelu' : 'relu');
  const named = kind.replace(/^gated-/, '');
  const isGated = config.flag('is_gated_act', kind !== named);
  const activation = activationOf(config.text('dense_act_fn', kind === 'gated-gelu' ? 'gelu_new' : named));
  const to = (name: string): Layer => linear(weights.at(name), width, between, { bias: false });
  const down = linear(weights.at('wo'), between, width, { bias: false });
  return isGated ? gatedFeedForward(to('wi_0'), activation, to('wi_1'), down) : feedForward(to('wi'), activation, down);
}

const epsilonOf = (config: Config): number => config.positive('layer_norm_epsilon', 1e-6);
