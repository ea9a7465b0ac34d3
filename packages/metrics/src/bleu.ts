import { HeedError, checkOptions, type OptionNames } from '@heed/base';
import { BLEU_TOKENIZATIONS, bleuTokens, type BleuTokenization } from './bleu-tokens.js';
import { matches, ngramCounts } from './ngrams.js';

/** Greatest length of the sequences that are compared, in words. */
const ORDER = 4;

export interface BleuOptions {
  /** Rule that cuts text into words, by sacreBLEU's name. Default 13a. */
  readonly tokenization?: BleuTokenization;
}

export interface Bleu {
  /** BLEU, from 0 to 100. */
  readonly score: number;
  /** Precisions of sequences of 1, 2, 3 and 4 words, in per cent: the share found in a reference; smoothed where that is 0. */
  readonly precisions: readonly number[];
  /** Factor of the score that is below 1 when the outputs are shorter than the references. */
  readonly brevityPenalty: number;
  /** Number of words of all outputs; `referenceLength` is that of the references nearest in length. */
  readonly outputLength: number;
  readonly referenceLength: number;
}

const OPTIONS: OptionNames<BleuOptions> = { tokenization: true };

/**
 * BLEU of a corpus: BP · exp(Σ_n log p_n / 4), where p_n is the clipped precision of sequences of n words over all outputs, and
 * BP = exp(1 − r/c) when the outputs' c words are fewer than the references' r, else 1. Computed as sacreBLEU 2.x does by
 * default (case:mixed|eff:no|smooth:exp): the k-th precision without a match counts as 1/(2^k · total).
 *
 * @param references one or more for each output
 * @throws HeedError INVALID_ARGUMENT when there are not as many lists of references as outputs, an output has no reference, or
 *   the tokenization is unknown
 * @see Papineni et al. 2002, "BLEU: a Method for Automatic Evaluation of Machine Translation"; Post 2018, arXiv:1804.08771;
 *   Chen & Cherry 2014, method 3, for the smoothing
 */
export function corpusBleu(
  outputs: readonly string[],
  references: readonly (readonly string[])[],
  options: BleuOptions = {},
): Bleu {
  checkOptions('corpusBleu', options, OPTIONS);
  assertReferences('corpusBleu', outputs, references);
  const tokenization = tokenizationOf(options);
  const matched = Array.from({ length: ORDER }, () => 0);
  const totals = Array.from({ length: ORDER }, () => 0);
  let outputLength = 0;
  let referenceLength = 0;
  outputs.forEach((output, i) => {
    const words = bleuTokens(output, tokenization);
    const others = references[i].map((reference) => bleuTokens(reference, tokenization));
    outputLength += words.length;
    referenceLength += nearest(
      words.length,
      others.map(({ length }) => length),
    );
    for (let n = 1; n <= ORDER; n++) {
      totals[n - 1] += Math.max(0, words.length - n + 1);
      matched[n - 1] += matches(
        ngramCounts(words, n, ' '),
        most(others.map((reference) => ngramCounts(reference, n, ' '))),
      );
    }
  });
  const brevityPenalty =
    outputLength >= referenceLength ? 1 : outputLength === 0 ? 0 : Math.exp(1 - referenceLength / outputLength);
  const precisions = smoothed(matched, totals);
  const mean = precisions.reduce((sum, precision) => sum + Math.log(precision), 0) / ORDER;
  return { score: brevityPenalty * Math.exp(mean), precisions, brevityPenalty, outputLength, referenceLength };
}

function tokenizationOf({ tokenization = '13a' }: BleuOptions): BleuTokenization {
  if (BLEU_TOKENIZATIONS.includes(tokenization)) return tokenization;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `corpusBleu: there is no tokenization ${JSON.stringify(tokenization)}`,
    hint: `tokenizations are: ${BLEU_TOKENIZATIONS.join(', ')}`,
    details: { tokenization, known: BLEU_TOKENIZATIONS },
  });
}

/** Smoothed precisions in per cent: all 0 when no word is right, and 0 for a length that no output has. */
function smoothed(matched: readonly number[], totals: readonly number[]): number[] {
  if (matched.every((count) => count === 0)) return matched.map(() => 0);
  let missing = 0;
  return matched.map((count, i) => {
    const total = totals[i];
    if (total === 0) return 0;
    return count > 0 ? (100 * count) / total : 100 / (2 ** ++missing * total);
  });
}

/** The nearest of the lengths; of two equally near, the shorter. */
const nearest = (length: number, lengths: readonly number[]): number =>
  lengths.reduce((best, other) => {
    const by = Math.abs(other - length) - Math.abs(best - length);
    return by < 0 || (by === 0 && other < best) ? other : best;
  });

/** Greatest count of each sequence in any one reference. */
function most(counts: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  if (counts.length === 1) return counts[0];
  const greatest = new Map<string, number>();
  for (const [ngram, count] of counts.flatMap((one) => [...one])) {
    greatest.set(ngram, Math.max(count, greatest.get(ngram) ?? 0));
  }
  return greatest;
}

export function assertReferences(
  call: string,
  outputs: readonly string[],
  references: readonly (readonly string[])[],
): void {
  if (outputs.length === references.length && references.every(({ length }) => length > 0)) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${call}: ${outputs.length} outputs, and references for ${references.filter(({ length }) => length > 0).length}`,
    hint: 'every output has a list of one or more references',
    details: { outputs: outputs.length, references: references.length },
  });
}
