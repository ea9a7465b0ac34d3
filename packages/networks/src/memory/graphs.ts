import * as tf from '@tensorflow/tfjs-core';
import { tidy, type Graph } from '@heed/nn';
import type { NumberedStories } from './batch.js';
import type { MemoryConfig } from './config.js';
import type { Reading } from './read.js';

/**
 * The whole network, for stories of the same number of facts: numbers of words, with 0 behind what is shorter, → `logits` [batch, answers], of
 * classes and then of names by their numbers, and with attention the `weights` of each hop over the facts, [batch, hops, facts].
 */
export const memoryGraph = (config: MemoryConfig, run: (stories: NumberedStories) => Reading): Graph => ({
  name: 'model',
  inputs: {
    facts: { shape: ['batch', 'facts', config.factWords], dtype: 'int32' },
    question: { shape: ['batch', config.questionWords], dtype: 'int32' },
  },
  run: ({ facts, question }) =>
    tidy(() => {
      const { logits, hops } = run(numbered(config, facts as tf.Tensor3D, question));
      const weights = hops.flatMap((hop) => hop.weights ?? []);
      return { logits, ...(weights.length > 0 && { weights: tf.slice(tf.stack(weights, 1), [0, 0, 1]) }) };
    }),
});

function numbered(config: MemoryConfig, facts: tf.Tensor3D, question: tf.Tensor): NumberedStories {
  const [batch, count] = facts.shape;
  const time = count + 1;
  // Before the facts is one that says nothing.
  const all = tf.pad(facts, [
    [0, 0],
    [1, 0],
    [0, 0],
  ]);
  const ages = tf.concat([tf.tensor1d([config.facts], 'int32'), tf.reverse(upTo(count), 0)]);
  const later = tf.add(tf.reshape(upTo(time), [1, time]), tf.scalar(config.facts, 'int32'));
  return {
    batch,
    time,
    facts: tf.reshape(all, [all.size]),
    questions: tf.reshape(question, [question.size]),
    ages: tf.tile(ages, [batch]),
    distances: tf.reshape(tf.sub(later, tf.reshape(upTo(time), [time, 1])), [time * time]),
  };
}

/** 0, 1, …, int32 [count] */
const upTo = (count: number): tf.Tensor1D => tf.range(0, count, 1, 'int32');
