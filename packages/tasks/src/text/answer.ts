import { shortest, type AttentionMap } from '@heed/heatmap';
import type { GenerateOptions, LanguageModel } from '@heed/networks';
import type { Answer, AnswerOptions } from '../task.js';

/** What somebody typed, to be written on. */
export interface TextInput {
  readonly text: string;
  readonly symbols: readonly string[];
}

/** Each prompt written on. */
export async function writeAllOn(
  model: LanguageModel,
  inputs: readonly TextInput[],
  options: AnswerOptions,
  defaults: GenerateOptions,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const input of inputs) answers.push(await writeOn(model, input, options, defaults));
  return answers;
}

/** The prompt written on, with maps of what the last characters were made of. */
async function writeOn(
  model: LanguageModel,
  { text, symbols }: TextInput,
  { sampling }: AnswerOptions,
  defaults: GenerateOptions,
): Promise<Answer> {
  const given = Object.entries(sampling ?? {}).filter(([, value]) => value !== undefined);
  const options: GenerateOptions = { ...defaults, ...Object.fromEntries(given) };
  const written: string[] = [];
  let logProbability = 0;
  let finished = false;
  for await (const next of model.generate(symbols, options)) {
    logProbability += next.logProbability;
    if (next.symbol === undefined) finished = true;
    else written.push(next.symbol);
  }
  const output = written.join('');
  return {
    output,
    alternatives: [],
    maps: written.length === 0 ? [] : await maps(model, symbols, written),
    details: { prompt: text, text: text + output, logProbability, finished, sampling: options },
  };
}

// As many rows and columns as can be read: a terminal of 80 columns has place for them.
const ROWS = 24;
const COLUMNS = 36;

/**
 * Of the last layer, a map for each head: the last characters that were written, over the last that were read for them.
 */
async function maps(
  model: LanguageModel,
  prompt: readonly string[],
  written: readonly string[],
): Promise<AttentionMap[]> {
  const all = [...prompt, ...written];
  const heads = (await model.observe(all)).at(-1) ?? [];
  const first = all.length - Math.min(ROWS, written.length);
  // Place j has read what stands before symbol j: the beginning, then the symbols.
  const places = [BEGINNING, ...all.slice(0, -1)];
  const from = Math.max(0, places.length - COLUMNS);
  return heads.map((rows, head) => ({
    weights: rows.slice(first).map((row) => places.slice(from).map((_, n) => shortest(row[from + n] ?? 0))),
    // A row ends where its symbol was chosen: what came later was masked.
    masked: rows.slice(first).map(({ length }) => places.slice(from).map((_, n) => from + n >= length)),
    rowLabels: all.slice(first).map(visible),
    columnLabels: places.slice(from).map(visible),
    title: heads.length === 1 ? 'attention' : `head ${head + 1} of ${heads.length}, last layer`,
    rowAxis: 'written',
    columnAxis: 'read before',
  }));
}

const BEGINNING = '⊢';
const visible = (symbol: string): string => (symbol === ' ' ? '␣' : symbol);
