import type * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import { breathe, dataOf, tidy } from '@heed/nn';
import type { Codec, Story, StoryBatch } from './batch.js';
import type { Hop } from './hops.js';

/** What a model makes of a story. */
export interface StoryAnswer {
  /** One word, or several of about equal probability; names in the order of the alphabet. */
  readonly answer: readonly string[];
  /** Classes and names of the story, the most probable first; they sum to 1. */
  readonly candidates: readonly { readonly answer: string; readonly probability: number }[];
  /** Weights of each hop, one for each fact; they sum to what isn't left to the fact that says nothing. None without attention. */
  readonly weights?: readonly Float32Array[];
}

/**
 * Share of the greatest probability from which on a name belongs to the answer: the names of an answer have equal shares when they
 * are learnt.
 */
const BELONGS = 0.5;
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
  const possible = [...classes.map((name, n) => [name, n] as const), ...names[b]];
  const scores = possible.map(([, n]) => logits[b * answers + n]);
  if (!scores.every(Number.isFinite)) {
    throw new HeedError('NOT_FINITE', { message: 'memory network: scores of answers are not finite' });
  }
  const greatest = Math.max(...scores);
  const shares = scores.map((score) => Math.exp(score - greatest));
  const sum = shares.reduce((total, share) => total + share, 0);
  const candidates = possible
    .map(([answer], i) => ({ answer, probability: shares[i] / sum, isName: i >= classes.length }))
    .toSorted((a, b) => b.probability - a.probability);
  const [best] = candidates;
  // Only names come together.
  const together = candidates.filter(({ probability, isName }) => isName && probability >= BELONGS * best!.probability);
  return {
    answer: best!.isName ? together.map(({ answer }) => answer).toSorted() : [best!.answer],
    candidates: candidates.map(({ answer, probability }) => ({ answer, probability })),
    ...(weights.length > 0 && {
      weights: weights.map((row) => row.slice(b * time + 1, b * time + lengths[b])),
    }),
  };
}
