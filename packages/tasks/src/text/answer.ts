import { shortest, type AttentionMap } from '@heed/heatmap';
import type { GenerateOptions, LanguageModel } from '@heed/networks';
import type { Answer, AnswerOptions } from '../task.js';

/** Prompt that somebody typed, which a model continues. */
export interface TextInput {
  readonly text: string;
  readonly symbols: readonly string[];
}

/** Answers that continue each prompt. */
export async function continueAll(
  model: LanguageModel,
  inputs: readonly TextInput[],
  options: AnswerOptions,
  defaults: GenerateOptions,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const input of inputs) answers.push(await continueText(model, input, options, defaults));
  return answers;
}

/** Answer that continues a prompt, with maps of what the last characters attended to. */
async function continueText(
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

// Greatest size of a map, which fits a terminal of 80 columns.
const ROWS = 24;
const COLUMNS = 36;

/**
 * Maps of the last layer, one for each head: rows are the last written characters, columns the last characters that were read.
 */
async function maps(
  model: LanguageModel,
  prompt: readonly string[],
  written: readonly string[],
): Promise<AttentionMap[]> {
  const all = [...prompt, ...written];
  const heads = (await model.observe(all)).at(-1) ?? [];
  const first = all.length - Math.min(ROWS, written.length);
  // Position j reads the symbol before symbol j; the first position reads the beginning.
  const read = [BEGINNING, ...all.slice(0, -1)];
  const from = Math.max(0, read.length - COLUMNS);
  return heads.map((rows, head) => ({
    weights: rows.slice(first).map((row) => read.slice(from).map((_, n) => shortest(row[from + n] ?? 0))),
    // A row ends at the position where its symbol was chosen; later positions were masked.
    masked: rows.slice(first).map(({ length }) => read.slice(from).map((_, n) => from + n >= length)),
    rowLabels: all.slice(first).map(visible),
    columnLabels: read.slice(from).map(visible),
    title: heads.length === 1 ? 'attention' : `head ${head + 1} of ${heads.length}, last layer`,
    rowAxis: 'written',
    columnAxis: 'read before',
  }));
}

const BEGINNING = '⊢';
const visible = (symbol: string): string => (symbol === ' ' ? '␣' : symbol);
