import { HeedError } from '@heed/base';
import type { Json } from '../files/pretrained-files.js';
import { spokenPrompt } from './spoken.js';
import type { Continuable, Inputs, Session } from '../networks/network.js';
import { beams } from './beams.js';
import { greedy } from './greedy.js';
import { generationOf, type GenerateOptions, type Generation } from './options.js';
import { processorsOf } from './processors.js';
import type { Found } from './search.js';

/** Continuations of a batch: `numReturnSequences` of each prompt, one after another, the best first. */
export interface Generated {
  /** With the prompts, filled up to the longest. */
  readonly sequences: readonly (readonly number[])[];
  /** What was added, the token that ends it included, and nothing that it is filled with. */
  readonly newTokens: readonly (readonly number[])[];
  /** Natural logarithms of the probabilities of the new tokens, by the model alone. */
  readonly logProbabilities: readonly (readonly number[])[];
  /** Scores of beams; absent without. */
  readonly scores?: readonly number[];
}

/** As transformers has it where nothing is said. */
const MAX_LENGTH = 20;

/**
 * Continues prompts.
 *
 * @param file `generation_config.json`, or a `config.json`
 * @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH, CONFIG_INVALID
 */
export async function generate(
  network: Continuable,
  file: Json,
  inputs: Inputs,
  options: GenerateOptions,
): Promise<Generated> {
  const generation = generationOf(file, options);
  const { settings } = generation;
  const isSpoken = settings.language !== undefined || settings.task !== undefined;
  const start = settings.decoderStartTokenId ?? settings.bosTokenId;
  const session = network.begin(inputs, isSpoken ? spokenPrompt(file, settings) : start === undefined ? [] : [start]);
  try {
    return await search(network, session, generation);
  } finally {
    session.dispose();
  }
}

async function search(network: Continuable, session: Session, generation: Generation): Promise<Generated> {
  const { settings, ends } = generation;
  const promptLength = session.prompts[0]!.length;
  const maxLength =
    settings.maxNewTokens === undefined ? (settings.maxLength ?? MAX_LENGTH) : promptLength + settings.maxNewTokens;
  checkLength(maxLength, promptLength, network.maxPositions);
  const processors = processorsOf(settings, ends, promptLength, maxLength);
  const call = {
    session,
    generation,
    maxLength,
    process(scores: Float64Array, tokens: readonly number[]) {
      for (const processor of processors) processor(scores, tokens);
    },
    async scoresOf(tokens: Parameters<Session['next']>[0]) {
      const logits = session.next(tokens);
      const [rows, vocabulary] = logits.shape;
      const values = await logits.data();
      logits.dispose();
      return Array.from(
        { length: rows },
        (_, row) => new Float64Array(values.subarray(row * vocabulary, (row + 1) * vocabulary)),
      );
    },
  };
  const found = await (generation.beams > 1 ? beams : greedy)(call);
  return resultOf(found, promptLength);
}

function checkLength(maxLength: number, promptLength: number, maxPositions = Number.POSITIVE_INFINITY): void {
  if (maxLength > promptLength && maxLength <= maxPositions) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `generate: ${promptLength} tokens can't be continued to ${maxLength}`,
    hint:
      maxLength > promptLength
        ? `the model has ${maxPositions} positions: give a smaller maxNewTokens`
        : 'give maxNewTokens, or a larger maxLength',
    details: { promptLength, maxLength, maxPositions },
  });
}

function resultOf(found: readonly Found[], promptLength: number): Generated {
  const scores = found.flatMap(({ score }) => score ?? []);
  return {
    sequences: found.map(({ tokens }) => tokens),
    newTokens: found.map(({ tokens, length }) => tokens.slice(promptLength, length)),
    logProbabilities: found.map(({ logProbabilities }) => logProbabilities),
    ...(scores.length > 0 && { scores }),
  };
}
