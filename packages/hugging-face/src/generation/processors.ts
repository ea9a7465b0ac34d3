import type { GenerateOptions } from './options.js';

/** Scores of the next token by its number, [V], which processors change in place. */
export type Scores = Float64Array;

/** What a processor may go by: the tokens so far, those of the prompt included. */
export type Processor = (scores: Scores, tokens: readonly number[]) => void;

/**
 * The processors of settings, in the order of transformers, which matters: a token that is forced wins over one that is forbidden before.
 *
 * @param promptLength number of tokens of the prompt, or of what a decoder starts with
 * @param maxLength most tokens in all
 */
export function processorsOf(
  settings: GenerateOptions,
  ends: readonly number[],
  promptLength: number,
  maxLength: number,
): readonly Processor[] {
  const { repetitionPenalty = 1, noRepeatNgramSize = 0, minLength = 0, minNewTokens = 0 } = settings;
  const least = Math.max(minLength, minNewTokens > 0 ? promptLength + minNewTokens : 0);
  const processors: (Processor | false)[] = [
    repetitionPenalty !== 1 && penalizeRepetition(repetitionPenalty),
    noRepeatNgramSize > 0 && forbidRepeatedNgrams(noRepeatNgramSize),
    settings.badWordsIds !== undefined && forbidWords(settings.badWordsIds, ends),
    least > 0 && when((length) => length < least, forbid(ends)),
    settings.forcedBosTokenId !== undefined && when((length) => length === 1, force([settings.forcedBosTokenId])),
    settings.forcedEosTokenId !== undefined &&
      when((length) => length === maxLength - 1, force([settings.forcedEosTokenId].flat())),
    settings.suppressTokens !== undefined && forbid(settings.suppressTokens),
    settings.beginSuppressTokens !== undefined &&
      when(
        (length) => length === promptLength + (promptLength === 1 && settings.forcedBosTokenId !== undefined ? 1 : 0),
        forbid(settings.beginSuppressTokens),
      ),
  ];
  return processors.filter((processor) => processor !== false);
}

const when =
  (holds: (length: number) => boolean, processor: Processor): Processor =>
  (scores, tokens) => {
    if (holds(tokens.length)) processor(scores, tokens);
  };

const forbid =
  (ids: readonly number[]): Processor =>
  (scores) => {
    for (const id of ids) if (id < scores.length) scores[id] = Number.NEGATIVE_INFINITY;
  };

const force =
  (ids: readonly number[]): Processor =>
  (scores) => {
    scores.fill(Number.NEGATIVE_INFINITY);
    for (const id of ids) scores[id] = 0;
  };

/** @see Keskar et al. 2019, arXiv:1909.05858, §4.1 */
const penalizeRepetition =
  (penalty: number): Processor =>
  (scores, tokens) => {
    for (const id of new Set(tokens)) {
      const score = scores[id]!;
      scores[id] = score < 0 ? score * penalty : score / penalty;
    }
  };

const forbidRepeatedNgrams =
  (size: number): Processor =>
  (scores, tokens) => {
    const start = tokens.length - (size - 1);
    if (start < 0) return;
    const last = tokens.slice(start);
    for (let n = 0; n + size <= tokens.length; n++) {
      if (last.every((id, i) => tokens[n + i] === id)) scores[tokens[n + size - 1]!] = Number.NEGATIVE_INFINITY;
    }
  };

/** The last token of a word is forbidden after those before it. A word that is an end alone isn't meant. */
const forbidWords = (words: readonly (readonly number[])[], ends: readonly number[]): Processor => {
  const meant = words.filter((word) => word.length > 0 && !(word.length === 1 && ends.includes(word[0]!)));
  return (scores, tokens) => {
    for (const word of meant) {
      const before = word.slice(0, -1);
      const from = tokens.length - before.length;
      if (from >= 0 && before.every((id, n) => tokens[from + n] === id)) {
        scores[word.at(-1)!] = Number.NEGATIVE_INFINITY;
      }
    }
  };
};
