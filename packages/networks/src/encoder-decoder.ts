import type * as tf from '@tensorflow/tfjs-core';
import type { BeamOptions } from './decoding/beam.js';
import type { GreedyOptions } from './decoding/greedy.js';
import type { Hypothesis } from './decoding/hypothesis.js';
import type { WatchedStep, WatchOptions } from './decoding/watch.js';
import type { HeadMean } from './head-mean.js';
import type { LossOptions, Pair, Trainable } from '@heed/nn';

/**
 * An encoder–decoder over two alphabets. It knows nothing of what the symbols mean. With `copying` it writes symbols of the
 * source that are in neither alphabet, too; all of them look alike to it, so it copies them by their places.
 *
 * Results for a source don't depend on the sources that it is given together with.
 */
export interface EncoderDecoder extends Trainable<Pair> {
  /** Mean of the heads that look at the source last; heads are left out of it by `switchOffHeads`. */
  readonly headMean: HeadMean;
  /**
   * Mean cross-entropy per target symbol, the end included, in nats, under teacher forcing; with attention that keeps coverage also the mean
   * coverage loss times its weight. Differentiable in the parameters where TensorFlow.js's gradients are registered.
   *
   * @returns a scalar, the caller's to dispose
   * @throws HeedError INVALID_ARGUMENT for no pairs, an empty source, or a symbol that isn't in the vocabulary
   */
  loss(pairs: readonly Pair[], options?: LossOptions): tf.Scalar;
  /**
   * Scores of every symbol, and what was looked at, at each place of the targets under teacher forcing; rows of shorter
   * targets go on past their end.
   *
   * @returns tensors that are the caller's to dispose
   * @throws HeedError INVALID_ARGUMENT as `loss`
   */
  teach(pairs: readonly Pair[]): Taught;
  /**
   * The most probable symbol at every step.
   *
   * @throws HeedError INVALID_ARGUMENT as `loss`; NOT_FINITE when the parameters are broken
   */
  greedy(sources: readonly (readonly string[])[], options?: GreedyOptions): Promise<Hypothesis[]>;
  /**
   * Greedy search of one source, step by step: each is made when it is asked for, and leaving the loop ends it.
   *
   * @throws HeedError as `greedy`, when the first step is asked for
   */
  watch(source: readonly string[], options?: WatchOptions): AsyncGenerator<WatchedStep>;
  /**
   * Beam search; of each source the best hypotheses, best first.
   *
   * @throws HeedError INVALID_ARGUMENT as `loss`, or for options out of range; NOT_FINITE when the parameters are broken
   */
  beam(sources: readonly (readonly string[])[], options?: BeamOptions): Promise<Hypothesis[][]>;
}

/**
 * What a model gives while it is told the right symbols. Axis letters: B pairs, T places with the end, S source, V symbols of
 * the vocabulary with the boundary first.
 */
export interface Taught {
  /**
   * [B, T, V]: their softmax is the model's distribution. Of a model that copies they are its logarithm, and go on with the
   * symbols of `beyond`; of those that a pair lacks nothing is left but rounding.
   */
  readonly logits: tf.Tensor3D;
  /** [B, T, S]; of several heads their mean, absent without attention. */
  readonly weights?: tf.Tensor3D;
  /** Symbols of each pair's source that aren't in the vocabulary, in the order of their columns. */
  readonly beyond?: readonly (readonly string[])[];
}
