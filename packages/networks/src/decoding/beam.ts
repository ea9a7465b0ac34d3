import { HeedError, checkOptions, type OptionNames } from '@heed/core';
import type { Allowed } from './allowed.js';
import type { OutputSymbols, Stepper, StepValues } from './decoding.js';
import { checkMaxLength, greatestLength, unroll, type Hypothesis, type Path } from './hypothesis.js';
import { whenOthersLeave } from './leaving.js';
import { BOUNDARY, pauses } from '@heed/nn';

export interface BeamOptions {
  /** K: how many partial outputs are kept per source. Default 4. */
  readonly width?: number;
  /**
   * α: hypotheses are ranked by log p / ((5 + n)/6)^α, n counting symbols and end. 0, the default, ranks by probability,
   * which favours short outputs.
   *
   * @see Wu et al. 2016, arXiv:1609.08144, eq. 14
   */
  readonly lengthPenalty?: number;
  /** Number of hypotheses to return per source; at most, and by default, `width`. */
  readonly nBest?: number;
  /** Greatest length of an output, in symbols; by default 2·(source length) + 10. */
  readonly maxLength?: number;
  /** Symbols that each source's outputs may have, one set for each source. Default all. */
  readonly allowed?: readonly Allowed[];
}

const OPTIONS: OptionNames<BeamOptions> = {
  width: true,
  lengthPenalty: true,
  nBest: true,
  maxLength: true,
  allowed: true,
};

export interface BeamPlan {
  readonly width: number;
  readonly lengthPenalty: number;
  readonly nBest: number;
  readonly maxLength: number | undefined;
}

const WIDEST = 1024;

/** @throws HeedError INVALID_ARGUMENT */
export function planBeam(options: BeamOptions): BeamPlan {
  checkOptions('beam', options, OPTIONS);
  const { width = 4, lengthPenalty = 0, nBest = width, maxLength } = options;
  const refuse = (message: string, hint: string) =>
    new HeedError('INVALID_ARGUMENT', { message: `beam: ${message}`, hint });
  if (!Number.isInteger(width) || width < 1 || width > WIDEST) {
    throw refuse(`width is ${width}`, `a whole number from 1 to ${WIDEST}`);
  }
  if (!(lengthPenalty >= 0 && Number.isFinite(lengthPenalty))) {
    throw refuse(`lengthPenalty is ${lengthPenalty}`, 'a number ≥ 0, usually 0 to 1');
  }
  if (!Number.isInteger(nBest) || nBest < 1 || nBest > width) {
    throw refuse(`nBest is ${nBest}`, `a whole number from 1 to the width, ${width}`);
  }
  checkMaxLength('beam', maxLength);
  return { width, lengthPenalty, nBest, maxLength };
}

interface Open {
  readonly path: Path | undefined;
  readonly total: number;
}

interface Ended extends Open {
  readonly finished: boolean;
}

/** The search for one source. Slot k of it is row n·K + k of the decoding. */
interface Source {
  /** Partial outputs; a slot without one is spent. */
  slots: (Open | undefined)[];
  readonly done: Ended[];
  readonly length: number;
  readonly limit: number;
}

/**
 * Keeps the K most probable partial outputs of each source. One that ends leaves the beam and takes its place with it, so
 * the search is over when K have ended, and a beam of width 1 is greedy search. What hasn't ended at the greatest length is
 * cut off there, and ranks behind everything that has. A source whose search is over leaves the batch.
 *
 * @see Graves 2012, arXiv:1211.3711, §2.5 for beam search over sequences; Bahdanau et al. 2014, §4.2
 */
export async function beamSearch(
  decoding: Stepper,
  lengths: Int32Array,
  symbols: OutputSymbols,
  { width, lengthPenalty, nBest, maxLength }: BeamPlan,
): Promise<Hypothesis[][]> {
  const time = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  const all = Array.from(lengths, (length): Source => ({
    slots: Array.from({ length: width }, (_, k) => (k === 0 ? { path: undefined, total: 0 } : undefined)),
    done: [],
    length,
    limit: greatestLength(length, { maxLength }),
  }));
  let sources: readonly Source[] = all;
  let ids = new Int32Array(lengths.length * width).fill(BOUNDARY);
  let rows: Int32Array | undefined;
  const rest = pauses();
  for (let t = 0; sources.some(isSearching); t++) {
    await rest();
    const values = await decoding.step(ids, rows);
    const extended = sources.map((source, n) => ({
      source,
      next: extend(source, { values, symbols: symbols.size, width, time, row: n * width, t }),
    }));
    const kept = sources.some(isSearching) ? whenOthersLeave(sources.map(isSearching)) : undefined;
    if (kept !== undefined) decoding.keep(kept);
    const staying = kept === undefined ? extended : Array.from(kept, (n) => extended[n]);
    sources = staying.map(({ source }) => source);
    rows = Int32Array.from(staying.flatMap(({ next }, n) => next.map(({ from }) => n * width + from)));
    ids = Int32Array.from(staying.flatMap(({ next }) => next.map(({ open }) => open?.path?.id ?? BOUNDARY)));
  }
  return all.map(({ done }, n) =>
    done
      .map((ended) => toHypothesis(ended, (id) => symbols.symbol(id, n), lengthPenalty))
      .toSorted((a, b) => Number(b.finished) - Number(a.finished) || b.score - a.score)
      .slice(0, nBest),
  );
}

const isSearching = ({ slots }: Source): boolean => slots.some(Boolean);

function toHypothesis(
  { path, total, finished }: Ended,
  symbolOf: (id: number) => string,
  lengthPenalty: number,
): Hypothesis {
  const steps = unroll(path);
  const written = finished ? steps.slice(0, -1) : steps;
  const weights = written.flatMap((step) => (step.weights === undefined ? [] : [step.weights]));
  const hasWeights = steps[0]?.weights !== undefined;
  return {
    output: written.map(({ id }) => symbolOf(id)),
    logProbability: total,
    score: total / ((5 + steps.length) / 6) ** lengthPenalty,
    tokenLogProbabilities: steps.map(({ logProbability }) => logProbability),
    finished,
    ...(hasWeights && { weights }),
  };
}

interface Extension {
  readonly values: StepValues;
  /** W: how many symbols there are. */
  readonly symbols: number;
  readonly width: number;
  readonly time: number;
  /** The first row of the source. */
  readonly row: number;
  readonly t: number;
}

/** One step of one source: fills its slots anew, and tells of each which slot it came from. */
function extend(source: Source, step: Extension): { from: number; open: Open | undefined }[] {
  const { values, symbols, width, time, row, t } = step;
  const { slots, done } = source;
  const chosen: { from: number; id: number; total: number }[] = [];
  const places = width - done.length;
  slots.forEach((open, k) => {
    if (open === undefined) return;
    for (let id = 0; id < symbols; id++) {
      const total = open.total + values.logProbabilities[(row + k) * symbols + id];
      // The impossible must not fill places: with few symbols there may be fewer continuations than places.
      if (total > -Infinity) insert(chosen, { from: k, id, total }, places);
    }
  });
  const next: { from: number; open: Open | undefined }[] = [];
  for (const { from, id, total } of chosen) {
    const at = row + from;
    const path: Path = {
      id,
      logProbability: values.logProbabilities[at * symbols + id],
      weights: values.weights?.slice(at * time, at * time + source.length),
      before: slots[from]!.path,
    };
    if (id === BOUNDARY) done.push({ path, total, finished: true });
    else next.push({ from, open: { path, total } });
  }
  if (t === source.limit) {
    // Nothing may follow any more, so each slot is one output: the one that ends, if its end was chosen, or else cut off.
    const ended = new Set(chosen.filter(({ id }) => id === BOUNDARY).map(({ from }) => from));
    slots.forEach((open, k) => open !== undefined && !ended.has(k) && done.push({ ...open, finished: false }));
    next.length = 0;
  }
  while (next.length < width) next.push({ from: 0, open: undefined });
  source.slots = next.map(({ open }) => open);
  return next;
}

/** Keeps `best` sorted, greatest total first, and no longer than `count`. Of equal ones, the first to come is before. */
function insert<T extends { readonly total: number }>(best: T[], candidate: T, count: number): void {
  if (best.length === count && !(candidate.total > best[count - 1]!.total)) return;
  let at = best.length;
  while (at > 0 && candidate.total > best[at - 1]!.total) at--;
  best.splice(at, 0, candidate);
  if (best.length > count) best.pop();
}
