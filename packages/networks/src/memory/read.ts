import type * as tf from '@tensorflow/tfjs-core';
import { breathe, dataOf, tidy } from '@heed/nn';
import type { Codec, Story, StoryBatch } from './batch.js';
import { chooseAnswer, type ChosenAnswer } from './choose-answer.js';
import type { Hop } from './hops.js';

/** What a model makes of a story. */
export interface StoryAnswer extends ChosenAnswer {
  /** Weights of each hop, one for each fact; they sum to what isn't left to the fact that says nothing. None without attention. */
  readonly weights?: readonly Float32Array[];
}

/** Stories at once: enough for matrix products to be efficient, few enough to stay small. */
const CHUNK = 256;

/** What the network makes of stories. */
export interface Reading {
  /** [B, answers] */
  readonly logits: tf.Tensor2D;
  readonly hops: readonly Hop[];
}

/** Answers stories of like length together, in the order of the stories. */
export async function readAnswers(
  stories: readonly Story[],
  codec: Codec,
  run: (batch: StoryBatch) => Reading,
): Promise<StoryAnswer[]> {
  codec.encode(stories); // what is wrong with any of them is said before any work
  const order = stories.map((_, n) => n).toSorted((a, b) => stories[a].facts.length - stories[b].facts.length);
  const results = Array.from<StoryAnswer>({ length: stories.length });
  for (let start = 0; start < order.length; start += CHUNK) {
    const chunk = order.slice(start, start + CHUNK);
    const batch = codec.encode(chunk.map((n) => stories[n]));
    const { logits, weights } = tidy(() => {
      const { logits, hops } = run(batch);
      return { logits, weights: hops.flatMap((hop) => hop.weights ?? []) };
    });
    const [values, ...rows] = await dataOf([logits, ...weights]);
    chunk.forEach((n, b) => (results[n] = readOne(batch, b, codec, values!, rows)));
    await breathe();
  }
  return results;
}

function readOne(
  { names, lengths, time }: StoryBatch,
  b: number,
  { classes, answers }: Codec,
  logits: Float32Array,
  weights: readonly Float32Array[],
): StoryAnswer {
  const own = logits.subarray(b * answers, (b + 1) * answers);
  return {
    ...chooseAnswer(classes, names[b], own),
    ...(weights.length > 0 && {
      weights: weights.map((row) => row.slice(b * time + 1, b * time + lengths[b])),
    }),
  };
}
