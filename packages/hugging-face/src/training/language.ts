import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { textFigures } from '@heed/networks';
import {
  breathe,
  checkLossOptions,
  crossEntropy,
  parseConfig,
  type Network,
  type ParameterTable,
  type Trainable,
} from '@heed/nn';
import * as v from 'valibot';
import type { PretrainedModel } from '../model.js';
import { besideOneAnother, longestOf, tokenIn, tokenizerOf } from './sequences.js';
import { tune, tunedSettings, type Tuned } from './tuned.js';

const schema = v.strictObject({ kind: v.literal('pretrained-language'), ...tunedSettings });

export type PretrainedLanguageConfig = v.InferOutput<typeof schema>;

/** A piece of text, in characters. */
interface TextPiece {
  readonly symbols: readonly string[];
  /** Number of characters at the start that are only read, not predicted; 0 by default. */
  readonly context?: number;
  /** Whether the text ends after it, which is then predicted, too. */
  readonly ends?: boolean;
}

/** Tokens that a model reads at once. */
interface Window {
  readonly ids: readonly number[];
  /** Number of tokens at the start that are only read; at least 1. */
  readonly read: number;
}

/** Windows that are read at once. */
const BATCH_SIZE = 8;

/** A pretrained language model that is trained on with texts cut by its own tokenizer. */
export interface PretrainedLanguage extends Trainable<Window>, Tuned {
  readonly config: PretrainedLanguageConfig;
  /**
   * −log p of each piece, in nats, spread evenly over its characters, so that models with other tokens can be compared.
   *
   * @throws HeedError DISPOSED
   */
  surprisal(pieces: readonly TextPiece[], options?: SurprisalOptions): Promise<Float64Array[]>;
}

interface SurprisalOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/**
 * Language models that a pretrained one is made into by more text.
 *
 * @param base the pretrained model, asked for when one is made of it; it stays the caller's
 */
export function pretrainedLanguage(
  base: () => PretrainedModel,
): Network<PretrainedLanguageConfig, PretrainedLanguage, TextPiece, Window> {
  return {
    kind: 'pretrained-language',
    parse: (value) => parseConfig('pretrained language model', schema, value),
    create: (config, given) => createLanguage(base(), config, given),
    items: (piece) => windowsOf(base(), piece),
    lengths: ({ ids, read }) => ({ source: ids.length, target: ids.length - read }),
    async validate(model, pieces) {
      const figures = textFigures(await model.surprisal(pieces));
      return { error: figures.bitsPerCharacter, figures };
    },
  };
}

function createLanguage(
  base: PretrainedModel,
  config: PretrainedLanguageConfig,
  given: ParameterTable | undefined,
): PretrainedLanguage {
  const architecture = base.architectures.find((name) => /(LMHeadModel|ForCausalLM)$/.test(name));
  if (architecture === undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `the family of ${base.architecture} has no model that writes texts on`,
      hint: `its classes are ${base.architectures.join(', ')}`,
    });
  }
  tokenizerOf(base);
  const { seed, lora } = config;
  const tuned = tune(base, { architecture, seed, lora }, given);
  const { pretrained } = tuned;

  /** Scores of what follows each token, [B·T, V], and what does; 0 counts where that isn't predicted. */
  const predict = (windows: readonly Window[]) => {
    const inputs = besideOneAnother(
      pretrained,
      windows.map(({ ids }) => ({ ids: ids.slice(0, -1) })),
    );
    const logits = pretrained.run(inputs).logits as tf.Tensor3D;
    const [, time, vocabulary] = logits.shape;
    const targets = new Int32Array(windows.length * time);
    const counts = new Float32Array(windows.length * time);
    windows.forEach(({ ids, read }, b) => {
      targets.set(ids.slice(1), b * time);
      counts.fill(1, b * time + read - 1, b * time + ids.length - 1);
    });
    return { logits: tf.reshape<tf.Rank.R2>(logits, [-1, vocabulary]), targets, counts, time };
  };

  async function natsOf(windows: readonly Window[]): Promise<number[]> {
    const kept: { counts: Float32Array; time: number }[] = [];
    const surprisal = tf.tidy(() => {
      const { logits, targets, counts, time } = predict(windows);
      kept.push({ counts, time });
      const [rows, vocabulary] = logits.shape;
      const places = Int32Array.from({ length: rows }, (_, n) => n * vocabulary + targets[n]!);
      const chosen = tf.gather(tf.reshape(logits, [-1]), tf.tensor1d(places, 'int32'));
      return tf.sub(tf.logSumExp(logits, -1), chosen);
    });
    const values = await surprisal.data<'float32'>();
    surprisal.dispose();
    const [{ counts, time }] = kept as [{ counts: Float32Array; time: number }];
    return windows.map((_, b) => {
      const from = b * time;
      return values.subarray(from, from + time).reduce((sum, nats, t) => sum + (counts[from + t] === 1 ? nats : 0), 0);
    });
  }

  return {
    ...tuned,
    config,
    loss(windows, options = {}) {
      checkLossOptions('pretrained language model: loss', options);
      const { labelSmoothing: smoothing = 0 } = options;
      return tf.tidy(() => {
        const { logits, targets: ids, counts } = predict(windows);
        const count = counts.reduce((sum, one) => sum + one, 0);
        return crossEntropy(logits, { ids, weights: counts.map((one) => one / count), smoothing });
      });
    },
    async surprisal(pieces, { signal, onProgress } = {}) {
      const surprisals: Float64Array[] = [];
      for (const piece of pieces) {
        if (signal?.aborted === true) break;
        const windows = windowsOf(pretrained, piece);
        let nats = 0;
        for (let start = 0; start < windows.length; start += BATCH_SIZE) {
          for (const one of await natsOf(windows.slice(start, start + BATCH_SIZE))) nats += one;
        }
        const { symbols, context = 0, ends = true } = piece;
        // The end is predicted by models that have a token for it.
        const characters = symbols.length - context + Number(ends && tokenIn(pretrained, 'eos_token_id') !== undefined);
        surprisals.push(new Float64Array(characters).fill(nats / characters));
        onProgress?.({ done: surprisals.length, total: pieces.length });
        await breathe();
      }
      return surprisals;
    },
  };
}

/**
 * The tokens of a piece, in windows that a model has positions for; each but the first begins with the token that the one before ended with.
 * What is read before and what is predicted are cut into tokens apart, so that no token is of both.
 */
function windowsOf(model: PretrainedModel, { symbols, context = 0, ends = true }: TextPiece): readonly Window[] {
  const tokenizer = tokenizerOf(model);
  const cut = (part: readonly string[]): readonly number[] =>
    tokenizer.encode(part.join(''), { specialTokens: false }).ids;
  const end = tokenIn(model, 'eos_token_id');
  const begin = tokenIn(model, 'bos_token_id') ?? end;
  const before = context > 0 ? cut(symbols.slice(0, context)) : begin === undefined ? [] : [begin];
  const after = [...cut(symbols.slice(context)), ...(ends && end !== undefined ? [end] : [])];
  const all = [...before, ...after];
  const step = longestOf(model) - 1;
  const windows: Window[] = [];
  for (let start = 0; start < all.length - 1; start += step) {
    const ids = all.slice(start, start + step + 1);
    const read = Math.max(1, before.length - start);
    if (read < ids.length) windows.push({ ids, read });
  }
  return windows;
}
