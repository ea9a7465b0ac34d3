import { predictionOf, type Outputs, type PretrainedModel } from '@heed/hugging-face';
import * as tf from '@tensorflow/tfjs-core';
import type { MapPlace, PretrainedAnswer, PretrainedInput, Said } from '../../engine/jobs.js';
import { mapOf, overviewOf, readAttention, type Seen } from './attention.js';
import { openModel } from './model.js';
import { readInput, type ReadInput } from './read-input.js';
import { sidesOf } from './sides.js';

/** Number of the last run, and what was seen in it. */
let run = 0;
let seen: readonly Seen[] = [];

/**
 * Runs the open model on an input.
 *
 * @throws HeedError INVALID_ARGUMENT, and what the model's `run`, `generate` and processor throw
 */
export async function runPretrained(input: PretrainedInput): Promise<PretrainedAnswer> {
  // A long text's maps take much memory: those before are let go of first.
  run++;
  seen = [];
  const model = await openModel();
  const read = await readInput(model, input);
  const outputs = model.run(read.inputs, { attentions: true });
  try {
    const sides = sidesOf(model, read, outputs);
    const names = read.texts.map((ids) => model.tokenizer?.decode(ids, { skipSpecialTokens: true }) ?? '');
    const said = await saidOf(model, read, names, outputs);
    seen = await readAttention(outputs, sides, names);
    return {
      run,
      tokens: sides.texts.flatMap(({ labels }) => labels),
      said,
      stacks: seen.map(overviewOf),
      picture: read.media?.picture ?? null,
    };
  } finally {
    tf.dispose({ ...outputs } as tf.TensorContainer);
  }
}

async function saidOf(
  model: PretrainedModel,
  { texts, added }: ReadInput,
  names: readonly string[],
  outputs: Outputs,
): Promise<Said | null> {
  if (added !== undefined) {
    const text = model.tokenizer?.decode(added, { skipSpecialTokens: true }) ?? added.join(' ');
    return { kind: 'continuation', text };
  }
  const said = await predictionOf(model, texts[0] ?? [], outputs);
  if (said?.kind !== 'likeness') return said ?? null;
  const guesses = said.pictures[0]!.map(({ probability }, n) => ({ name: names[n]!, probability }));
  return { kind: 'likeness', guesses: guesses.toSorted((a, b) => b.probability - a.probability) };
}

/** One map of a run, row by row; null when another run has come since. */
export async function pretrainedMap(wanted: number, { stack, ...place }: MapPlace): Promise<Float32Array | null> {
  return wanted === run && stack < seen.length ? mapOf(seen[stack]!, place).slice() : null;
}
