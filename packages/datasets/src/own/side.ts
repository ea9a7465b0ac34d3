import { learnPieces } from '../pieces/learn-pieces.js';
import { Segmenter, UNKNOWN } from '../pieces/pieces.js';
import { evenly } from './evenly.js';
import type { Unit } from './own-data.js';
import { cutInto } from './units.js';

/** One side of pairs, sources or targets: how its texts become symbols. */
export interface Side {
  readonly unit: Unit;
  /** Symbols of the training part, `UNKNOWN` first where it is one; pieces in the order that `Segmenter` needs. */
  readonly symbols: readonly string[];
  /** Number of units that are left out of the symbols, as only one place of the training part has them. */
  readonly rare: number;
  /** Symbols of a text, with `UNKNOWN` for a unit that isn't one of them. */
  cut(text: string): string[];
  /** Number of units of a text. */
  lengthOf(text: string): number;
  /** Whether a text has a unit that isn't one of the symbols. */
  hasUnknown(text: string): boolean;
}

/**
 * A side that is learnt from the texts of the training part.
 *
 * Pieces always have `UNKNOWN`, since every character that training lacks is one. Of characters and words all are symbols that
 * the training part has, or all that it has twice when it is large, so that there are places from which to learn what an unknown
 * one is like. `UNKNOWN` is a symbol when `others`, the texts of all parts, have a unit that isn't.
 *
 * @param merges number of merged pieces that are learnt
 */
export function learnSide(unit: Unit, training: readonly string[], others: readonly string[], merges: number): Side {
  if (unit === 'pieces') return learnPieceSide(training, merges);
  const counts = new Map<string, number>();
  for (const text of training) for (const one of cutInto(unit, text)) counts.set(one, (counts.get(one) ?? 0) + 1);
  const least = training.length >= MANY_TEXTS ? 2 : 1;
  const known = [...counts]
    .filter(([, count]) => count >= least)
    .toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, MOST_SYMBOLS)
    .map(([symbol]) => symbol)
    .toSorted();
  const isKnown = new Set(known);
  const hasUnknown = (text: string): boolean => cutInto(unit, text).some((one) => !isKnown.has(one));
  const unknown = known.length < counts.size || others.some(hasUnknown);
  return {
    unit,
    symbols: unknown ? [UNKNOWN, ...known.filter((symbol) => symbol !== UNKNOWN)] : known,
    rare: counts.size - known.length,
    cut: (text) => cutInto(unit, text).map((one) => (isKnown.has(one) ? one : UNKNOWN)),
    lengthOf: (text) => cutInto(unit, text).length,
    hasUnknown,
  };
}

// A part of so many texts can spare the units that it has once.
const MANY_TEXTS = 1000;
// Symbols of a side at most: each is a row of an embedding or of the output's weights.
const MOST_SYMBOLS = 20_000;

// Texts that pieces are learnt from: of more, the most common ones are the same.
const LEARNT_FROM = 100_000;

function learnPieceSide(training: readonly string[], merges: number): Side {
  const symbols = [UNKNOWN, ...learnPieces(evenly(training, LEARNT_FROM), merges).filter((piece) => piece !== UNKNOWN)];
  const segmenter = new Segmenter(symbols);
  const isSymbol = new Set(symbols);
  return {
    unit: 'pieces',
    symbols,
    rare: 0,
    cut: (text) => segmenter.symbols(segmenter.segment(text)),
    lengthOf: (text) => segmenter.segment(text).length,
    hasUnknown: (text) => segmenter.segment(text).some((piece) => !isSymbol.has(piece)),
  };
}
