import type { TextReading } from '@heed/tasks/readings';
import type { ConfigOf } from '@heed/nn';
import type { OpenModel } from '../model.js';

/** Names of the lists of symbols that configurations of models have. */
interface Symbols {
  readonly symbols?: readonly string[];
  readonly sourceSymbols?: readonly string[];
  readonly targetSymbols?: readonly string[];
  readonly copying?: boolean;
}

/** What a program needs to know of a model's symbols; `ReadingSettings` of `@heed/tasks/readings` with what can be written. */
export function vocabularyOf({ model, info, calibration }: Pick<OpenModel, 'model' | 'info' | 'calibration'>) {
  const { symbols, sourceSymbols = symbols ?? [], targetSymbols, copying = false } = model.config as Symbols;
  return {
    note: 'The number of a symbol is its place in its list, from 1; 0 is the boundary of texts.',
    symbols: sourceSymbols,
    ...(targetSymbols && { written: targetSymbols }),
    copying,
    ...(calibration?.outputs && { outputs: calibration.outputs }),
    data: info.dataOptions,
  };
}

/** A model's configuration without its symbols, which are in another file. */
export function settingsOf(config: ConfigOf): Readonly<Record<string, unknown>> {
  const lists = new Set<string>(['symbols', 'sourceSymbols', 'targetSymbols'] satisfies (keyof Symbols)[]);
  return Object.fromEntries(Object.entries(config).filter(([name]) => !lists.has(name)));
}

/** Symbols of a text, with its boundary, that are left for a beginning. */
export const BEGINNING = 40;

/** Sampling of a program: as the task does it by itself, in numbers that JSON has, and so that a beginning has room before what is written. */
export function samplingOf({ sampling }: Pick<TextReading, 'sampling'>, longest: number) {
  const all = { seed: 1, temperature: 1, topK: Number.MAX_SAFE_INTEGER, topP: 1, length: 200, ...sampling };
  return { ...all, length: Math.min(all.length, Math.max(1, longest - BEGINNING)) };
}
