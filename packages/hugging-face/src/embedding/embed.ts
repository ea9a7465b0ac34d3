import * as tf from '@tensorflow/tfjs-core';
import { checkFlag, checkOptions, HeedError, show, type OptionNames } from '@heed/base';
import { tidy } from '@heed/nn';
import type { Network } from '../networks/network.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import type { EmbeddingSettings } from './modules.js';
import { normalized, pooled, POOLINGS, type Pooling } from './pool.js';

export interface EmbedOptions {
  /** How the states of a text become one vector; as the folder's `1_Pooling/config.json` says, or else the mean. */
  readonly pooling?: Pooling;
  /** Whether vectors are made of length 1; as the folder's `modules.json` says, or else false. */
  readonly normalize?: boolean;
}

const OPTIONS: OptionNames<EmbedOptions> = { pooling: true, normalize: true };

export interface Embedder {
  readonly architecture: string;
  readonly network: Network;
  readonly tokenizer: Tokenizer | undefined;
  /** What the folder says. */
  readonly settings: EmbeddingSettings | undefined;
}

/** Vectors of texts; see `PretrainedModel.embed`. */
export function embed(
  { architecture, network, tokenizer, settings }: Embedder,
  texts: readonly string[],
  options: EmbedOptions,
): tf.Tensor2D {
  checkOptions('embed', options, OPTIONS);
  const normalize =
    options.normalize === undefined ? settings?.normalize : checkFlag('embed: normalize', options.normalize);
  const ways = waysOf(options, settings);
  const { takes } = network;
  const isOfTexts = takes.includes('inputIds') && !takes.some((name) => OTHERS.has(name));
  if (tokenizer === undefined || !isOfTexts) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `embed: ${architecture} ${isOfTexts ? 'has no tokenizer' : 'doesn’t read texts alone'}`,
      hint: 'load a folder of a model of texts, with its tokenizer.json',
    });
  }
  const { tokenTypeIds, ...rest } = tokenizer.encodeBatch(texts);
  const inputs = { ...rest, ...(takes.includes('tokenTypeIds') && { tokenTypeIds }) };
  return tidy(() => {
    const { lastHiddenState } = network.run(inputs, {});
    const real = tf.tensor2d(inputs.attentionMask.flat(), [texts.length, inputs.attentionMask[0]!.length]);
    const vectors = pooled(lastHiddenState!, real, ways);
    return normalize === true ? normalized(vectors) : vectors;
  });
}

/** Inputs of models that make no states of texts alone. */
const OTHERS: ReadonlySet<string> = new Set(['decoderInputIds', 'pixelValues', 'inputFeatures']);

function waysOf({ pooling }: EmbedOptions, settings: EmbeddingSettings | undefined): readonly Pooling[] {
  if (pooling !== undefined) {
    if (POOLINGS.includes(pooling)) return [pooling];
    throw new HeedError('UNKNOWN_NAME', {
      message: `embed: there is no pooling ${show(pooling)}`,
      hint: `the known ones are ${POOLINGS.join(', ')}`,
    });
  }
  if (settings === undefined) return ['mean'];
  if (settings.others.length === 0 && settings.pooling.length > 0) return settings.pooling;
  throw new HeedError('UNKNOWN_NAME', {
    message: `embed: modules.json has ${settings.others.join(', ') || 'no Pooling'}, which isn’t done here`,
    hint: 'say pooling, to have the vectors that the transformer gives',
  });
}
