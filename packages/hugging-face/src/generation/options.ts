import { parser } from '@heed/attention/schema';
import { checkSampling, type CheckedSampling } from '@heed/networks';
import * as v from 'valibot';
import { HeedError, show } from '@heed/base';
import { camel } from '../files/names.js';
import type { Json } from '../files/pretrained-files.js';
import type { SpokenOptions } from './spoken.js';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const atLeastOne = v.pipe(v.number(), v.integer(), v.minValue(1));
const tokens = v.union([count, v.array(count)]);
const number = v.pipe(v.number(), v.finite());

/** The settings of transformers' generate(), in camel case. */
const schema = v.strictObject({
  maxNewTokens: v.optional(atLeastOne),
  maxLength: v.optional(atLeastOne),
  minNewTokens: v.optional(count),
  minLength: v.optional(count),
  numBeams: v.optional(atLeastOne),
  numReturnSequences: v.optional(atLeastOne),
  lengthPenalty: v.optional(number),
  earlyStopping: v.optional(v.union([v.boolean(), v.literal('never')])),
  doSample: v.optional(v.boolean()),
  temperature: v.optional(number),
  topK: v.optional(count),
  topP: v.optional(number),
  seed: v.optional(count),
  repetitionPenalty: v.optional(v.pipe(number, v.gtValue(0))),
  noRepeatNgramSize: v.optional(count),
  badWordsIds: v.optional(v.array(v.array(count))),
  suppressTokens: v.optional(v.array(count)),
  beginSuppressTokens: v.optional(v.array(count)),
  forcedBosTokenId: v.optional(count),
  forcedEosTokenId: v.optional(tokens),
  bosTokenId: v.optional(count),
  eosTokenId: v.optional(tokens),
  padTokenId: v.optional(count),
  decoderStartTokenId: v.optional(count),
  language: v.optional(v.string()),
  task: v.optional(v.string()),
});

/** How to continue. What isn't given is as the folder's `generation_config.json` says, and then as transformers has it. */
export interface GenerateOptions extends SpokenOptions {
  /** Most tokens to add. */
  readonly maxNewTokens?: number;
  /** Most tokens in all, the prompt included; 20 unless `maxNewTokens` is given. */
  readonly maxLength?: number;
  /** Fewest tokens to add before an end. */
  readonly minNewTokens?: number;
  /** Fewest tokens in all before an end. */
  readonly minLength?: number;
  /** Number of beams; 1 by default, which takes the most probable token at each step. */
  readonly numBeams?: number;
  /** How many of the beams to give for each prompt; 1 by default. */
  readonly numReturnSequences?: number;
  /** A beam's score is its log-probability divided by its length to this power; 1 by default. */
  readonly lengthPenalty?: number;
  /** Whether to stop when as many beams have ended as there are; 'never' goes on until none could become better. */
  readonly earlyStopping?: boolean | 'never';
  /** Whether to draw tokens by their probabilities. */
  readonly doSample?: boolean;
  /** Divides the logits of what is drawn from; 1 by default. */
  readonly temperature?: number;
  /** Only the so many most probable are drawn from; 50 by default, 0 for all. */
  readonly topK?: number;
  /** Only the most probable whose probabilities add up to this are drawn from; 1 by default. */
  readonly topP?: number;
  /** What is drawn goes by it; 0 by default. */
  readonly seed?: number;
  /** Logits of tokens that were there are divided by it when above 0, and else multiplied; 1 by default. */
  readonly repetitionPenalty?: number;
  /** No so many tokens in a row come twice; 0 by default, for no such rule. */
  readonly noRepeatNgramSize?: number;
  /** Sequences of tokens that must not come. */
  readonly badWordsIds?: readonly (readonly number[])[];
  /** Tokens that never come. */
  readonly suppressTokens?: readonly number[];
  /** Tokens that don't come first. */
  readonly beginSuppressTokens?: readonly number[];
  /** The token that comes first after the start of a decoder. */
  readonly forcedBosTokenId?: number;
  /** The tokens of which one comes last when the longest length is reached. */
  readonly forcedEosTokenId?: number | readonly number[];
  readonly bosTokenId?: number;
  /** The tokens that end a continuation. */
  readonly eosTokenId?: number | readonly number[];
  readonly padTokenId?: number;
  /** What a decoder starts with. */
  readonly decoderStartTokenId?: number;
}

/** Settings with their defaults. */
export interface Generation {
  readonly settings: GenerateOptions;
  readonly beams: number;
  readonly returned: number;
  readonly lengthPenalty: number;
  readonly earlyStopping: boolean | 'never';
  readonly sampling: CheckedSampling | undefined;
  readonly ends: readonly number[];
  readonly pad: number | undefined;
}

const parse = parser('INVALID_ARGUMENT');
const parseFile = parser('CONFIG_INVALID');

const TOP_K = 50;

/**
 * Options, with what the folder says where they say nothing.
 *
 * @param file `generation_config.json`, or the `config.json` of a folder without one
 * @throws HeedError INVALID_ARGUMENT; CONFIG_INVALID for what the file says
 */
export function generationOf(file: Json, options: GenerateOptions): Generation {
  const settings = { ...settingsOf(file), ...parse('generate', schema, options) };
  const { numBeams: beams = 1, numReturnSequences: returned = 1, doSample = false } = settings;
  if (doSample && beams > 1) throw refused(`doSample with ${beams} beams`, 'give one of them');
  if (returned > beams) throw refused(`numReturnSequences is ${returned}, with ${beams} beams`, 'at most one a beam');
  const { temperature = 1, topK = TOP_K, topP = 1, seed = 0 } = settings;
  const ends = [settings.eosTokenId ?? []].flat();
  return {
    settings,
    beams,
    returned,
    lengthPenalty: settings.lengthPenalty ?? 1,
    earlyStopping: settings.earlyStopping ?? false,
    sampling: doSample ? checkSampling({ seed, temperature, topP, ...(topK > 0 && { topK }) }) : undefined,
    ends,
    pad: settings.padTokenId ?? ends[0],
  };
}

/** Settings of transformers that aren't done here, and the values with which they change nothing. */
const NOT_DONE: Readonly<Record<string, unknown>> = {
  num_beam_groups: 1,
  diversity_penalty: 0,
  penalty_alpha: 0,
  encoder_repetition_penalty: 1,
  encoder_no_repeat_ngram_size: 0,
  guidance_scale: 1,
  typical_p: 1,
  min_p: 0,
  epsilon_cutoff: 0,
  eta_cutoff: 0,
  renormalize_logits: false,
  sequence_bias: null,
  forced_decoder_ids: null,
  exponential_decay_length_penalty: null,
  stop_strings: null,
  token_healing: false,
};

/** The settings that a file has; `null` is as if it had none. */
function settingsOf(file: Json): GenerateOptions {
  for (const [name, neutral] of Object.entries(NOT_DONE)) {
    const value = file[name] ?? neutral;
    if (value === neutral) continue;
    throw new HeedError('CONFIG_INVALID', {
      message: `generation_config.json: ${name} is ${show(value)}, which is not done here`,
      hint: 'give a folder without it',
      details: { name, value },
    });
  }
  const given = Object.entries(file)
    .map(([name, value]) => [camel(name), value] as const)
    .filter(([name, value]) => value != null && Object.hasOwn(schema.entries, name));
  return parseFile('generation_config.json', schema, Object.fromEntries(given));
}

const refused = (message: string, hint: string): HeedError =>
  new HeedError('INVALID_ARGUMENT', { message: `generate: ${message}`, hint });
