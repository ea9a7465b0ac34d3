import * as tf from '@tensorflow/tfjs-core';
import type { Config } from '../config.js';
import { blocksOf, classicBlock } from '../layers/classic-block.js';
import { after, embedding, layerNorm, product, type Embedding, type Layer, type Rows } from '../layers/layer.js';
import { encoderDecoder, textEncoder } from '../networks/encoder-decoder.js';
import type { Tower } from '../networks/tower.js';
import type { ParameterTree } from '../parameters.js';
import { DECODER_NAMES, ENCODER_NAMES } from './fairseq-names.js';
import type { Build, Family } from './family.js';

/** What tells encoder–decoders with BART's names apart. */
interface Traits {
  /** Vectors of positions, of one side. */
  readonly places: (config: Config, weights: ParameterTree) => Embedding;
  /** Whether embeddings are normalised. */
  readonly embeddingNorm: boolean;
}

/** Files may have the embeddings on either side again, and where the sides have their own, one of both besides. */
const EMBEDDED_AGAIN = /^(shared|(encoder|decoder)\.embed_tokens)\.weight$/;

/**
 * BART: norms after the sums, and one after the embeddings; its table of positions has two rows that none has.
 *
 * @see Lewis et al. 2019, arXiv:1910.13461, §2.1
 */
export const bart: Family = {
  prefix: 'model.',
  spare: EMBEDDED_AGAIN,
  classes: classesOf('BartModel', 'BartForConditionalGeneration', {
    embeddingNorm: true,
    places: (config, weights) => {
      const count = config.size('max_position_embeddings') + 2;
      return after(2, embedding(weights.at('embed_positions'), count, config.size('d_model')));
    },
  }),
};

/**
 * Marian: positions are sines in one half and cosines in the other, which the files don't have.
 *
 * @see Junczys-Dowmunt et al. 2018, arXiv:1804.00344
 */
export const marian: Family = {
  prefix: 'model.',
  bare: /MarianModel$/,
  spare: EMBEDDED_AGAIN,
  classes: classesOf('MarianModel', 'MarianMTModel', {
    embeddingNorm: false,
    places: (config, weights) => {
      const [count, width] = [config.size('max_position_embeddings'), config.size('d_model')];
      return embedding(weights.at('embed_positions'), count, width, () => halves(count, width));
    },
  }),
};

function halves(count: number, width: number): Float32Array {
  const half = Math.ceil(width / 2);
  return Float32Array.from({ length: count * width }, (_, n) => {
    const [position, i] = [Math.floor(n / width), n % width];
    const angle = position / 10_000 ** ((2 * (i % half)) / width);
    return i < half ? Math.sin(angle) : Math.cos(angle);
  });
}

function classesOf(body: string, withHead: string, traits: Traits): Family['classes'] {
  const build =
    (hasHead: boolean): Build =>
    (config, weights) =>
      encoderDecoder(
        textEncoder(tower(config, weights, 'encoder', traits)),
        tower(config, weights, 'decoder', traits),
        hasHead ? vocabularyHead(config, weights) : undefined,
      );
  return { [body]: build(false), [withHead]: build(true) };
}

type Side = 'encoder' | 'decoder';

/** Whether both sides have one vocabulary; Marian's needn't. */
const isOneVocabulary = (config: Config): boolean => config.flag('share_encoder_decoder_embeddings', true);
const isTied = (config: Config): boolean => config.flag('tie_word_embeddings', true);

const vocabularyOf = (config: Config, side: Side): number => {
  const ofEncoder = config.size('vocab_size');
  return side === 'encoder' || isOneVocabulary(config) ? ofEncoder : config.size('decoder_vocab_size', ofEncoder);
};

/** The table of words of a side: that of both, or, where nothing is tied or the vocabularies are two, its own. */
function wordsOf(config: Config, weights: ParameterTree, side: Side): ParameterTree {
  const own = weights.at(`${side}.embed_tokens`);
  const isShared = isOneVocabulary(config) && (isTied(config) || !own.has('weight'));
  return isShared ? weights.at('shared') : own;
}

function vocabularyHead(config: Config, weights: ParameterTree): Layer {
  const [width, vocabulary] = [config.size('d_model'), vocabularyOf(config, 'decoder')];
  const table = isTied(config) ? wordsOf(config, weights, 'decoder') : weights.at('lm_head');
  const logits = product(table.get('weight', [vocabulary, width]));
  const bias = weights.get('final_logits_bias', [1, vocabulary]);
  return (x) => tf.add(logits(x), bias.tensor<tf.Rank.R2>());
}

function tower(config: Config, weights: ParameterTree, side: Side, traits: Traits): Tower {
  const own = weights.at(side);
  const width = config.size('d_model');
  const vocabulary = vocabularyOf(config, side);
  const words = embedding(wordsOf(config, weights, side), vocabulary, width);
  const places = traits.places(config, own);
  const norm = traits.embeddingNorm ? layerNorm(own.at('layernorm_embedding'), width, EPSILON) : undefined;
  const scale = config.flag('scale_embedding', false) ? Math.sqrt(width) : 1;
  return {
    vocabulary,
    maxPositions: config.size('max_position_embeddings'),
    embed(tokens) {
      const sum: Rows = tf.add(tf.mul(words(tokens.ids), scale), places(tokens.places));
      return norm?.(sum) ?? sum;
    },
    stack: {
      blocks: blocksOf(config.size(`${side}_layers`), (n) =>
        classicBlock(own.at(`layers.${n}`), {
          width,
          heads: config.size(`${side}_attention_heads`),
          between: config.size(`${side}_ffn_dim`),
          activation: config.text('activation_function', 'gelu'),
          epsilon: EPSILON,
          norms: 'after',
          names: side === 'encoder' ? ENCODER_NAMES : DECODER_NAMES,
          causal: side === 'decoder',
        }),
      ),
    },
  };
}

/** PyTorch's default, which is no field of the configuration. */
const EPSILON = 1e-5;
