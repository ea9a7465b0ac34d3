import * as tf from '@tensorflow/tfjs-core';
import { createMechanism } from '@heed/attention';
import { dense, lookup, meanPooling, type Ids, type Parameters } from '@heed/nn';
import type { NumberedStories } from './batch.js';
import type { MemoryConfig } from './config.js';
import { identityAmongNoise } from './initial.js';

/** What one hop saw: the context [B, D], and its weights over the facts [B, T]; none without attention. */
export interface Hop {
  readonly context: tf.Tensor2D;
  readonly weights?: tf.Tensor2D;
}

/** Looks at the facts of a batch of stories, hop after hop. */
interface Looking {
  /** @param state u, [B, D] */
  look(hop: number, state: tf.Tensor2D, last: Hop | undefined): Hop;
}

export type Hops = (memory: tf.Tensor3D, stories: NumberedStories) => Looking;

/** Attention over the memory [B, T, D], or its mean. */
export function createHops(config: MemoryConfig, parameters: Parameters): Hops {
  const { attention, hops, tying, units } = config;
  if (attention.kind === 'none') return meanOf;
  const mechanism = createMechanism({ ...attention, width: units });
  const kernels = perHop(hops, tying, (key) =>
    parameters.kernel(`hop${key}/query_kernel`, [units, units], identityAmongNoise),
  );
  const preferences = createPreferences(config, parameters);
  return (memory, stories) => {
    const { lengths, batch, time } = stories;
    const preferred = preferences?.(stories);
    const prepared = mechanism.prepare(memory, { lengths });
    return {
      look(hop, state, last) {
        const bias = preferred?.(state, last?.weights);
        const { context, weights } = mechanism.attend(tf.matMul(state, kernels[hop]) as tf.Tensor2D, prepared, {
          returnWeights: true,
          ...(bias && { bias: tf.reshape(bias, [batch, 1, 1, time]) }),
        });
        return { context, weights: weights as tf.Tensor2D };
      },
    };
  };
}

/** What each hop has of its own, or all in common: then the key is ''. */
export function perHop<T>(hops: number, tying: MemoryConfig['tying'], create: (key: string) => T): T[] {
  if (tying === 'none') return Array.from({ length: hops }, (_, n) => create(`/${n}`));
  return Array.from<T>({ length: hops }).fill(create(''));
}

/** Without attention: the mean of the facts, at every hop. */
function meanOf(memory: tf.Tensor3D, { lengths }: NumberedStories): Looking {
  const context = meanPooling(memory, lengths);
  return { look: () => ({ context }) };
}

/**
 * What time adds to the scores: how much a fact is preferred for how many came after it, and how much the next hop prefers it
 * for lying so many places before or after what the last hop looked at,
 *
 *   b_j = Σ_k g_k r_k(T − j) + Σ_k g'_k Σ_i α_i r'_k(j − i),   [g; g'] = W u + c,
 *
 * with K learnt curves r and r' each, of which the state says how much they count.
 *
 * @see Sukhbaatar et al. 2015, §4.1, for ages; Shaw, Uszkoreit & Vaswani 2018, arXiv:1803.02155, for relative positions
 */
function createPreferences({ preferences: curves, facts, units, hops }: MemoryConfig, parameters: Parameters) {
  if (curves === 0) return undefined;
  const byAge = createCurves('ages', facts + 1, 0);
  // From the fact that says nothing to the last, and back; the first hop has nothing to measure from.
  const byDistance = hops > 1 ? createCurves('distances', 2 * facts + 1, 1) : undefined;

  function createCurves(key: string, places: number, n: number) {
    const table = parameters.kernel(`time/${key}`, [places, curves]);
    const kernel = parameters.kernel(`time/kernel_${n}`, [units, curves]);
    const bias = parameters.bias(`time/bias_${n}`, new Float32Array(curves));
    return {
      /** The curves' values at so many places, [N, K]. */
      at: (numbers: Ids) => lookup(table, numbers),
      /** Σ_k g_k r_k: values [B, T, K] → [B, T]. */
      weigh(values: tf.Tensor3D, state: tf.Tensor2D): tf.Tensor2D {
        const shares = tf.reshape<tf.Rank.R3>(dense(state, kernel, bias), [values.shape[0], curves, 1]);
        return tf.reshape(tf.matMul(values, shares), [values.shape[0], values.shape[1]]);
      },
    };
  }

  return ({ ages, distances, batch, time }: NumberedStories) => {
    const aged = tf.reshape<tf.Rank.R3>(byAge.at(ages), [batch, time, curves]);
    const apart = byDistance && tf.reshape<tf.Rank.R2>(byDistance.at(distances), [time, time * curves]);
    return (state: tf.Tensor2D, last: tf.Tensor2D | undefined): tf.Tensor2D => {
      const preferred = byAge.weigh(aged, state);
      if (last === undefined) return preferred;
      const expected = tf.reshape<tf.Rank.R3>(tf.matMul(last, apart!), [batch, time, curves]);
      return tf.add(preferred, byDistance!.weigh(expected, state));
    };
  };
}
