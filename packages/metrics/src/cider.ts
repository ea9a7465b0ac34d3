import { assertReferences } from './bleu.js';
import { ngramCounts } from './ngrams.js';
import { WHITE_SPACE } from './white-space.js';

/** Greatest length of the sequences that are compared, in words. */
const ORDER = 4;

/** σ of the penalty for another length, in words. */
const SIGMA = 6;

/** A caption's sequences of 1 to 4 words: counts times rarity, and the length of each such vector. */
interface Weighed {
  readonly vectors: readonly ReadonlyMap<string, number>[];
  readonly norms: readonly number[];
  /** Number of pairs of words, by which lengths are compared. */
  readonly length: number;
}

/**
 * CIDEr-D of a corpus of captions, from 0 to 10: the mean over captions, references and sequences of n = 1 to 4 words of
 *
 *   10 · e^(−(l_c − l_r)² / 2σ²) · Σ min(g_c, g_r)·g_r / (‖g_c‖ ‖g_r‖)
 *
 * where g counts each sequence times log(captions / captions that have it in a reference), and σ is 6. Words are what white space separates, as
 * they are; Chinese is compared by characters when they are given with spaces between. A sequence that all captions have in a reference counts nothing, and a caption of fewer
 * than four words has no sequences of four: "cat" for "cat" is worth 2.5. As in the code that its authors published, lengths are compared in pairs of words.
 *
 * @param references one or more for each output
 * @throws HeedError INVALID_ARGUMENT when there are not as many lists of references as outputs, or an output has no reference
 * @see Vedantam, Zitnick & Parikh 2015, arXiv:1411.5726, §4 and §6
 */
export function corpusCider(outputs: readonly string[], references: readonly (readonly string[])[]): number {
  assertReferences('corpusCider', outputs, references);
  const right = references.map((all) => all.map(countsOf));
  const rarity = rarityIn(right);
  const scores = outputs.map((output, i) => {
    const given = weighed(countsOf(output), rarity);
    const likenesses = right[i].map((reference) => likeness(given, weighed(reference, rarity)));
    return mean(likenesses);
  });
  return 10 * mean(scores);
}

type Counts = readonly ReadonlyMap<string, number>[];

function countsOf(text: string): Counts {
  const words = text.split(WHITE_SPACE).filter((word) => word !== '');
  return Array.from({ length: ORDER }, (_, n) => ngramCounts(words, n + 1, ' '));
}

/** Says of a sequence of words how rare it is: log(captions / captions with a reference that has it), where none counts as one. */
function rarityIn(references: readonly (readonly Counts[])[]): (ngram: string) => number {
  const captions = new Map<string, number>();
  for (const all of references) {
    const ngrams = new Set(all.flatMap((counts) => counts.flatMap((one) => [...one.keys()])));
    for (const ngram of ngrams) captions.set(ngram, (captions.get(ngram) ?? 0) + 1);
  }
  return (ngram) => Math.log(references.length) - Math.log(captions.get(ngram) ?? 1);
}

function weighed(counts: Counts, rarity: (ngram: string) => number): Weighed {
  const vectors = counts.map(
    (one) => new Map([...one].map(([ngram, count]): [string, number] => [ngram, count * rarity(ngram)])),
  );
  return {
    vectors,
    norms: vectors.map((vector) => Math.sqrt(sum([...vector.values()].map((x) => x * x)))),
    length: sum([...counts[1].values()]),
  };
}

/** The mean over the four lengths of sequences, from 0 to 1. */
function likeness(output: Weighed, reference: Weighed): number {
  const penalty = Math.exp(-((output.length - reference.length) ** 2) / (2 * SIGMA ** 2));
  const cosines = output.vectors.map((vector, n) => {
    const norms = output.norms[n] * reference.norms[n];
    if (norms === 0) return 0;
    let product = 0;
    for (const [ngram, weight] of vector) {
      const other = reference.vectors[n].get(ngram) ?? 0;
      product += Math.min(weight, other) * other;
    }
    return product / norms;
  });
  return penalty * mean(cosines);
}

const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : sum(values) / values.length);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
