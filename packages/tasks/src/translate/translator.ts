import type { ModelOf } from '@heed/nn';
import type { TranslateInput } from '@heed/datasets';
import type { BeamOptions, Hypothesis, recurrent, transformer } from '@heed/networks';
import type { OutputsByKind } from '../task.js';
import { fillIn } from '../unknown.js';
import { allowedPieces } from './language-pieces.js';
import { cutTranslate } from './reading.js';

export type TranslateModel = ModelOf<typeof recurrent | typeof transformer>;

/** A translated input: its source symbols, and the hypotheses, best first, with unknown characters filled in. */
export interface Translated {
  readonly source: readonly string[];
  readonly hypotheses: readonly Hypothesis[];
}

// Penalty that corrects sums of log-probabilities, which favour short outputs; 0.6 to 0.7 were best in Wu et al. 2016,
// arXiv:1609.08144, §7.
const LENGTH_PENALTY = 0.6;

interface TranslateOptions {
  readonly beam?: number;
  /** Pieces of each language; a translation has no others. */
  readonly outputs?: OutputsByKind;
}

/** Translates texts, cut into the pieces of the model's own vocabulary. */
export async function translateAll(
  model: TranslateModel,
  inputs: readonly TranslateInput[],
  { beam = 1, outputs = {} }: TranslateOptions,
): Promise<Translated[]> {
  const cut = inputs.map((input) => {
    const { units, symbols: source } = cutTranslate(input, model.config.sourceSymbols);
    const own = outputs[input.language];
    return { units, source, allowed: own && allowedPieces(own, source) };
  });
  const allowed = cut.map((one) => one.allowed);
  const options: BeamOptions = { width: beam, nBest: beam, lengthPenalty: LENGTH_PENALTY, allowed };
  const sources = cut.map(({ source }) => source);
  const found =
    beam === 1 ? (await model.greedy(sources, { allowed })).map((one) => [one]) : await model.beam(sources, options);
  return cut.map(({ units, source }, n) => ({
    source,
    hypotheses: found[n].map((hypothesis) => Object.assign(hypothesis, { output: fillIn(hypothesis, units, source) })),
  }));
}
