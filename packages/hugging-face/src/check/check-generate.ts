import { Config } from '../config.js';
import type { Generated } from '../generation/generate.js';
import type { PretrainedModel } from '../model.js';
import type { Inputs } from '../networks/network.js';
import { checkRun } from './check-run.js';
import { valuesOf, type Expected } from './expected.js';
import { resultOf, type CheckResult } from './result.js';

/** What `expected.json` says about how it was made, and no setting. */
const NOTES = new Set(['plainGenerate', 'recordAttentionsOfRow']);

/**
 * Continuations, held to those of transformers: tokens, log-probabilities, scores of beams; and, where they were recorded, the attention
 * weights of one sequence over all of its tokens but the last.
 */
export async function checkGenerate(
  model: PretrainedModel,
  name: string,
  expected: Config,
  { tensors }: Expected,
  tolerance: number,
): Promise<readonly CheckResult[]> {
  const args = valuesOf(expected.section('args').json, tensors);
  const isInput = (key: string): boolean => (model.takes as readonly string[]).includes(key);
  const part = (keep: (key: string) => boolean) =>
    // `null` says that there are none, whatever the folder has.
    Object.fromEntries(Object.entries(args).flatMap(([key, value]) => (keep(key) ? [[key, value ?? []]] : [])));
  // What Whisper's own generate() was given besides its arguments are the sounds of the folder.
  const ofSounds = expected.has('returned') ? { inputFeatures: tensors.input_features } : {};
  const inputs = { ...part(isInput), ...ofSounds };
  const found = await model.generate(
    inputs as Inputs,
    part((key) => !isInput(key) && !NOTES.has(key)),
  );
  if (expected.has('returned')) return [checkReturned(name, found, tableOf(expected, 'returned'))];
  return [
    checkSequences(name, found, tableOf(expected, 'sequences')),
    ...checkNumbers(`${name}: log-probabilities`, found.logProbabilities, tableOf(expected, 'log_probs'), tolerance),
    ...checkNumbers(`${name}: scores`, [found.scores ?? []], [listOf(expected.json.sequences_scores)], tolerance),
    ...(await checkAttentions(model, name, expected, tensors, tolerance)),
  ];
}

const listOf = (value: unknown): readonly number[] => (Array.isArray(value) ? (value as readonly number[]) : []);
const tableOf = (config: Config, name: string): readonly (readonly number[])[] => {
  const rows: unknown = config.json[name];
  return Array.isArray(rows) ? rows.map(listOf) : [];
};

function checkSequences(name: string, { sequences }: Generated, wanted: readonly (readonly number[])[]): CheckResult {
  const wrong = wanted.flatMap((row, n) => {
    const [ours, theirs] = [JSON.stringify(sequences[n]), JSON.stringify(row)];
    return ours === theirs ? [] : [`continuation ${n} is ${ours}, not ${theirs}`];
  });
  const extra = Math.max(sequences.length - wanted.length, 0);
  return resultOf('', `${name}: ${wanted.length} continuations`, wrong.length + extra, 0, wrong[0]);
}

/** What is returned without the prompts, filled up. */
function checkReturned(name: string, { newTokens }: Generated, wanted: readonly (readonly number[])[]): CheckResult {
  const wrong = newTokens.filter((tokens, n) => tokens.some((token, i) => token !== wanted[n]?.[i]));
  return resultOf('', `${name}: ${wanted.length} continuations`, wrong.length, 0, JSON.stringify(wrong[0]));
}

/** Numbers of each row, as many as there are wanted; `null` ends a row. */
function checkNumbers(
  name: string,
  found: readonly (readonly number[])[],
  wanted: readonly (readonly (number | null)[])[],
  tolerance: number,
): readonly CheckResult[] {
  const pairs = wanted.flatMap((row, n) => row.flatMap((value, i) => (value === null ? [] : [[value, found[n]?.[i]]])));
  if (pairs.length === 0) return [];
  const differences = pairs.map(([value, ours]) => Math.abs(value! - (ours ?? Number.NaN)));
  return [resultOf('', name, differences.every(Number.isFinite) ? Math.max(...differences) : Number.NaN, tolerance)];
}

async function checkAttentions(
  model: PretrainedModel,
  name: string,
  expected: Config,
  tensors: Expected['tensors'],
  tolerance: number,
): Promise<readonly CheckResult[]> {
  const args = expected.section('args');
  if (!args.has('record_attentions_of_row')) return [];
  const row = args.index('record_attentions_of_row');
  const tokens = tableOf(expected, 'sequences')[row]!.slice(0, -1);
  const inputs = rowOfInputs(args.json, row, tokens, model.takes.includes('decoderInputIds'), tensors);
  const ofRow = Object.fromEntries(
    Object.entries(tensors)
      .filter(([key]) => key.startsWith(`${name}.`))
      .map(([key, tensor]) => [key, { ...tensor, shape: [1, ...tensor.shape] }]),
  );
  const run = new Config({ inputs });
  return checkRun(model, { model: '', name, run, prefix: name, inputTensors: tensors, tensors: ofRow }, tolerance);
}

/** Inputs of one sequence that is read at once: a decoder has all of its tokens, beside an encoder that has its own. */
function rowOfInputs(
  args: Config['json'],
  row: number,
  tokens: readonly number[],
  hasEncoder: boolean,
  tensors: Expected['tensors'],
): Readonly<Record<string, unknown>> {
  const ofRow = (name: string): unknown => [listOf(tableOfJson(args[name])[row])];
  if (!hasEncoder) {
    const mask = listOf(tableOfJson(args.attention_mask)[row]);
    return { input_ids: [tokens], attention_mask: [tokens.map((_, n) => mask[n] ?? 1)] };
  }
  return {
    ...('input_ids' in args && { input_ids: ofRow('input_ids') }),
    ...('attention_mask' in args && { attention_mask: ofRow('attention_mask') }),
    ...rowOfTensors(args, row, tensors),
    decoder_input_ids: [tokens],
  };
}

const tableOfJson = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** One sequence of inputs that are tensors. */
function rowOfTensors(
  args: Config['json'],
  row: number,
  tensors: Expected['tensors'],
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(args).flatMap(([name, value]) => {
    const tensor = typeof value === 'string' ? tensors[value] : undefined;
    if (tensor === undefined) return [];
    const [, ...shape] = tensor.shape;
    const size = shape.reduce((product, length) => product * length, 1);
    const data = tensor.data.slice(row * size, (row + 1) * size);
    return [[name, { shape: [1, ...shape], data }] as const];
  });
  return Object.fromEntries(entries);
}
