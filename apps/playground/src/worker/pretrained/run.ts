import { predictionOf, type PretrainedModel } from '@heed/hugging-face';
import * as tf from '@tensorflow/tfjs-core';
import type { MapPlace, PretrainedAnswer, PretrainedInput } from '../../engine/jobs.js';
import { mapOf, overviewOf, readAttention, type Seen } from './attention.js';
import { openModel } from './model.js';
import { readInput, type ReadInput } from './read-input.js';

/** Number of the last run, and what was seen in it. */
let run = 0;
let seen: readonly Seen[] = [];

/**
 * Runs the open model on an input.
 *
 * @throws HeedError INVALID_ARGUMENT, and what the model's `run` and `generate` throw
 */
export async function runPretrained(input: PretrainedInput): Promise<PretrainedAnswer> {
  // A long text's maps take much memory: those before are let go of first.
  run++;
  seen = [];
  const model = await openModel();
  const read = await readInput(model, input);
  const labels = (ids: readonly number[]): string[] => ids.map((id) => model.tokenizer!.tokenOf(id));
  const [source, target] = [labels(read.source), labels(read.target)];
  const outputs = model.run(read.inputs, { attentions: true });
  try {
    const said = await saidOf(model, read, outputs);
    seen = await readAttention(outputs, { source, target });
    return { run, tokens: source, said, stacks: seen.map(overviewOf) };
  } finally {
    tf.dispose({ ...outputs } as tf.TensorContainer);
  }
}

async function saidOf(
  model: PretrainedModel,
  { source, added }: ReadInput,
  outputs: ReturnType<PretrainedModel['run']>,
): Promise<PretrainedAnswer['said']> {
  if (added !== undefined)
    return { kind: 'continuation', text: model.tokenizer!.decode(added, { skipSpecialTokens: true }) };
  return (await predictionOf(model, source, outputs)) ?? null;
}

/** One map of a run, row by row; null when another run has come since. */
export async function pretrainedMap(wanted: number, { stack, ...place }: MapPlace): Promise<Float32Array | null> {
  return wanted === run && stack < seen.length ? mapOf(seen[stack]!, place).slice() : null;
}
