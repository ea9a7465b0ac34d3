import { checkOptions, HeedError, type OptionNames } from '@heed/base';
import { assertReferences } from './bleu.js';
import { matches, ngramCounts } from './ngrams.js';
import { WHITE_SPACE } from './white-space.js';

/** Greatest length of the sequences that are compared, in characters. */
const ORDER = 6;

export interface ChrfOptions {
  /** β: how many times recall counts as much as precision. Default 2. */
  readonly beta?: number;
}

/** Numbers of sequences of one length: in the outputs, in the references, in both. */
interface Counts {
  output: number;
  reference: number;
  both: number;
}

const OPTIONS: OptionNames<ChrfOptions> = { beta: true };

/**
 * chrF of a corpus, from 0 to 100: the F-score of sequences of 1 to 6 characters, without spaces, in which recall counts β
 * times as much as precision. Precision and recall are means over the six lengths; a length that outputs or references have no
 * sequence of is left out. With β = 2 it is chrF2, the default of sacreBLEU 2.x (nc:6|nw:0|space:no|eff:yes). Of several
 * references, the one with the greatest score counts.
 *
 * @param references one or more for each output
 * @throws HeedError INVALID_ARGUMENT when there are not as many lists of references as outputs, an output has no reference, or
 *   β isn't a number ≥ 0
 * @see Popović 2015, "chrF: character n-gram F-score for automatic MT evaluation"; Popović 2016 for β = 2
 */
export function corpusChrf(
  outputs: readonly string[],
  references: readonly (readonly string[])[],
  options: ChrfOptions = {},
): number {
  checkOptions('corpusChrf', options, OPTIONS);
  assertReferences('corpusChrf', outputs, references);
  const beta = betaOf(options);
  const sums = Array.from({ length: ORDER }, (): Counts => ({ output: 0, reference: 0, both: 0 }));
  outputs.forEach((output, i) => {
    let best = count(output, references[i][0]);
    for (const reference of references[i].slice(1)) {
      const other = count(output, reference);
      if (fScore(other, beta) > fScore(best, beta)) best = other;
    }
    best.forEach((counts, n) => {
      sums[n].output += counts.output;
      sums[n].reference += counts.reference;
      sums[n].both += counts.both;
    });
  });
  return fScore(sums, beta);
}

function betaOf({ beta = 2 }: ChrfOptions): number {
  // Without the check of its type, JavaScript would convert a text or true to a number.
  if (typeof beta === 'number' && Number.isFinite(beta) && beta >= 0) return beta;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `corpusChrf: beta is ${typeof beta === 'string' ? JSON.stringify(beta) : String(beta)}`,
    hint: 'a number ≥ 0; 2 by default, 3 in the first paper',
    details: { beta },
  });
}

function count(output: string, reference: string): Counts[] {
  const characters = letters(output);
  const right = letters(reference);
  return Array.from({ length: ORDER }, (_, i) => {
    const n = i + 1;
    const lengthOf = (text: readonly string[]): number => Math.max(0, text.length - n + 1);
    return {
      // When the reference has no sequence of this length, those of the output aren't counted as wrong.
      output: lengthOf(right) === 0 ? 0 : lengthOf(characters),
      reference: lengthOf(right),
      both: matches(ngramCounts(characters, n, ''), ngramCounts(right, n, '')),
    };
  });
}

const letters = (text: string): string[] => Array.from(text.split(WHITE_SPACE).join(''));

function fScore(counts: readonly Counts[], beta: number): number {
  const used = counts.filter(({ output, reference }) => output > 0 && reference > 0);
  const precision = used.reduce((sum, { output, both }) => sum + both / output, 0) / used.length;
  const recall = used.reduce((sum, { reference, both }) => sum + both / reference, 0) / used.length;
  // The sum is NaN when there is nothing to compare.
  if (!(precision + recall > 0)) return 0;
  return (100 * (1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall);
}
