import * as tf from '@tensorflow/tfjs-core';
import {
  ofCall,
  ofComparison,
  ofOption,
  ofParameter,
  ofParameters,
  ofState,
  type MechanismMutant,
} from './mechanism.js';

/** Parts of an axis in another order. */
const regrouped = (x: tf.Tensor, axis: number, order: readonly number[]): tf.Tensor => {
  const parts = tf.split(x, order.length, axis);
  return tf.concat(
    order.map((n) => parts[n]),
    axis,
  );
};

/** The same tensor, through which no gradient flows. */
const detached = (x: tf.Tensor): tf.Tensor =>
  tf.customGrad((given) => ({ value: tf.clone(given as tf.Tensor), gradFunc: () => tf.zerosLike(x) }))(x);

/** [N, Tk], each number one position further on. */
const shifted = (x: tf.Tensor): tf.Tensor => {
  const keys = x.shape[1]!;
  const kept = tf.slice(x as tf.Tensor2D, [0, 0], [-1, keys - 1]);
  return tf.pad(kept, [
    [0, 0],
    [1, 0],
  ]);
};

const scored: readonly MechanismMutant[] = [
  {
    kind: 'additive',
    what: 'b counts twice',
    reason: /^plain\/all: context/,
    change: ofParameter('bias', (x) => tf.mul(x, 2)),
  },
  {
    kind: 'additive',
    what: 'the memory learns nothing through W₁',
    reason: /^plain\/all: dMemory_kernel.* is 0, expected/,
    change: ofParameter('memory_kernel', detached),
  },
  {
    kind: 'concat',
    what: 'the memory before the query',
    reason: /^plain\/all: context/,
    change: ofParameters(({ kernel }) => {
      const [width] = kernel.shape;
      const query = tf.slice(kernel as tf.Tensor2D, [0, 0], [4, -1]);
      return { kernel: tf.concat([tf.slice(kernel as tf.Tensor2D, [4, 0], [width - 4, -1]), query]) };
    }),
  },
  {
    kind: 'cosine',
    what: 'the length of the query counts',
    reason: /^plain\/all: context/,
    change: ofComparison((right, query) => ({ ...right, query }) as typeof right),
  },
  {
    kind: 'dot',
    what: 'scaled by 1/√D',
    reason: /^plain\/all: context/,
    change: ofComparison((right) => ({ ...right, scale: 0.5 }) as typeof right),
  },
  {
    kind: 'general',
    what: 'W with the wrong sign',
    reason: /^plain\/all: context/,
    change: ofParameter('memory_kernel', (x) => tf.neg(x)),
  },
  {
    kind: 'scaledDotProduct',
    what: 'scaled by 1/D',
    reason: /^plain\/all: context/,
    change: ofComparison((right) => ({ ...right, scale: 0.25 }) as typeof right),
  },
];

const adaptive: readonly MechanismMutant[] = [
  {
    kind: 'visualSentinel',
    what: 'the sentinel scores as a position of the memory',
    reason: /^plain\/all: context/,
    change: ofParameters(({ memory_kernel }) => ({ sentinel_kernel: memory_kernel })),
  },
  {
    kind: 'visualSentinel',
    what: 'the gate learns nothing of the state before',
    reason: /^from-a-cell\/ragged: dHidden_kernel.* is 0, expected/,
    change: ofParameter('hidden_kernel', detached),
  },
];

const headed: readonly MechanismMutant[] = [
  {
    kind: 'differential',
    what: 'λ of the two vectors added',
    reason: /^plain\/all: context/,
    change: ofParameter('lambda_q2', (x) => tf.neg(x)),
  },
  {
    kind: 'differential',
    what: 'λ begins as in the first layer',
    reason: /^third-layer\/ragged: context/,
    change: ofOption('depth', 0),
  },
  {
    kind: 'latent',
    what: 'another base of the rotary positions',
    reason: /^normed-queries-too\/ragged: context/,
    change: ofOption('base', undefined),
  },
  {
    kind: 'latent',
    what: 'latents of queries learn nothing',
    reason: /^normed-queries-too\/ragged: dQuery_latent_gain.* is 0, expected/,
    change: ofParameter('query_latent_gain', detached),
  },
  {
    kind: 'multiHead',
    what: 'key heads in turn, not side by side',
    reason: /^plain\/all: context/,
    change: ofParameter('query_kernel', (x) => regrouped(x, 1, [0, 2, 1, 3])),
  },
  {
    kind: 'multiHead',
    what: 'the soft cap ignored',
    reason: /^one-key-head-soft-cap\/ragged: context/,
    change: ofOption('softCap', undefined),
  },
  {
    kind: 'multiHead',
    what: 'half of the gate is open where it is shut',
    reason: /^gate-elementwise\/ragged: context/,
    change: ofParameter('gate_kernel', (x) => tf.neg(x)),
  },
  {
    kind: 'multiHead',
    what: 'sinks learn nothing',
    reason: /^sinks\/ragged: dSinks.* is 0, expected/,
    change: ofParameter('sinks', detached),
  },
  {
    kind: 'multiHead',
    what: 'the learned position has no value',
    reason: /^learned-position\/ragged: context/,
    change: ofParameter('position_value', (x) => tf.zerosLike(x)),
  },
  {
    kind: 'multiHead',
    what: 'the learned key learns nothing',
    reason: /^learned-position\/ragged: dPosition_key.* is 0, expected/,
    change: ofParameter('position_key', detached),
  },
  {
    kind: 'multiHead',
    what: 'no position of zeros',
    reason: /^zero-position\/ragged: context/,
    change: ofOption('zeroPosition', undefined),
  },
  {
    kind: 'multiHead',
    what: 'α learns nothing',
    reason: /^entmax-learned\/ragged: dAlpha.* is 0, expected/,
    change: ofParameter('alpha', detached),
  },
  {
    kind: 'multiHead',
    what: 'heads mixed by the transposed kernel',
    reason: /^talking-heads\/ragged: context/,
    change: ofParameter('logit_kernel', (x) => tf.reverse(x, 1)),
  },
  {
    kind: 'multiHead',
    what: 'a span with a steep end',
    reason: /^span\/ragged: context/,
    change: ofOption('span', { max: 2, ramp: 0.75 }),
  },
  {
    kind: 'multiToken',
    what: 'scores convolved the other way round',
    reason: /^plain\/all: context/,
    change: ofParameter('key_query_kernel', (x) => tf.reverse(x, 2)),
  },
  {
    kind: 'twoSimplicial',
    what: 'a pair is twice the same position',
    reason: /^plain\/all: context/,
    change: ofParameters((parameters) => ({ second_key_kernel: parameters['key_kernel'] })),
  },
  {
    kind: 'twoSimplicial',
    what: 'the windows swapped',
    reason: /^windows\/ragged: context/,
    change: ofOption('windows', [2, 3]),
  },
];

const ruled: readonly MechanismMutant[] = [
  {
    kind: 'linear',
    what: 'heads of queries in another order than those of keys',
    reason: /^plain\/all: context/,
    change: ofParameter('query_kernel', (x) => regrouped(x, 1, [1, 0])),
  },
  {
    kind: 'linear',
    what: 'keys learn nothing',
    reason: /^plain\/causal-ragged: dKey_kernel.* is 0, expected/,
    change: ofParameter('key_kernel', detached),
  },
  {
    kind: 'retention',
    what: 'heads forget in the opposite order',
    reason: /^plain\/all: context/,
    change: ofParameters((parameters) => ({
      ...Object.fromEntries(
        ['query_kernel', 'key_kernel', 'value_kernel', 'gate_kernel'].map((key) => [
          key,
          regrouped(parameters[key], 1, [1, 0]),
        ]),
      ),
      output_kernel: regrouped(parameters['output_kernel'], 0, [1, 0]),
    })),
  },
  {
    kind: 'retention',
    what: 'positions are not turned',
    reason: /^turned\/ragged: context/,
    change: ofOption('rotary', undefined),
  },
  {
    kind: 'gatedDelta',
    what: 'β with the wrong sign: what is to be written stays',
    reason: /^plain\/all: context/,
    change: ofParameter('beta_kernel', (x) => tf.neg(x)),
  },
  {
    kind: 'gatedDelta',
    what: 'the decay learns nothing',
    reason: /^plain\/causal-ragged: dDecay_kernel.* is 0, expected/,
    change: ofParameter('decay_kernel', detached),
  },
];

const remembering: readonly MechanismMutant[] = [
  {
    kind: 'coverage',
    what: 'weights are not summed',
    reason: /^plain\/in-steps: context/,
    change: ofState((_, __, { weights }) => ({ coverage: tf.clone(weights) })),
  },
  {
    kind: 'coverage',
    what: 'no gradient through the coverage',
    reason: /^plain\/in-steps: dCoverage\[/,
    change: ofCall(({ state }) => ({ state: { coverage: detached(state['coverage']) } })),
  },
  {
    kind: 'coverageGru',
    what: 'the update gate and the reset gate swapped',
    reason: /^plain\/all: coverage/,
    change: ofParameter('gru_kernel', (x) => regrouped(x, 1, [1, 0, 2])),
  },
  {
    kind: 'coverageLinguistic',
    what: 'the fertility is left out',
    reason: /^plain\/all: coverage/,
    change: ofState((_, { coverage }, { weights }) => ({ coverage: tf.add(coverage, weights) })),
  },
  {
    kind: 'forward',
    what: 'the agent stays where it is to go on',
    reason: /^agent\/ragged: transition/,
    change: ofState(({ transition }): Readonly<Record<string, tf.Tensor>> =>
      transition === undefined ? {} : { transition: tf.sub(1, transition) },
    ),
  },
  {
    kind: 'forward',
    what: 'the weights before are those of the first step',
    reason: /^plain\/all: context/,
    change: ofState((_, { previous }) => ({ previous: tf.clone(previous) })),
  },
  {
    kind: 'gmm',
    what: 'positions begin at 1',
    reason: /^plain\/all: context/,
    change: ofOption('origin', 1),
  },
  {
    kind: 'gmm',
    what: 'bells go back to the start',
    reason: /^plain\/all: mu/,
    change: ofState(({ mu }, { mu: before }) => ({ mu: tf.sub(mu, before) })),
  },
  {
    kind: 'localM',
    what: 'the place stays',
    reason: /^plain\/all: context/,
    change: ofState((_, { step }) => ({ step: tf.clone(step) })),
  },
  {
    kind: 'localP',
    what: 'the place learns nothing',
    reason: /^plain\/all: dPosition_vector.* is 0, expected/,
    change: ofParameter('position_vector', detached),
  },
  {
    kind: 'localP',
    what: 'renormalized unasked',
    reason: /^plain\/all: context/,
    change: ofOption('renormalize', true),
  },
  {
    kind: 'locationSensitive',
    what: 'a filter with the wrong sign',
    reason: /^previous\/all: context/,
    change: ofParameter('filters', (x) => tf.neg(x)),
  },
  {
    kind: 'locationSensitive',
    what: 'cumulative weights are not accumulated',
    reason: /^previous\/all: cumulative/,
    change: ofState((_, __, { weights }) => ({ cumulative: tf.clone(weights) })),
  },
  {
    kind: 'locationSensitive',
    what: 'smoothing is softmax',
    reason: /^both-smoothing\/ragged: context/,
    change: ofOption('normalizer', 'softmax'),
  },
  {
    kind: 'mocha',
    what: 'a chunk of one position more',
    reason: /^plain\/all: context/,
    change: ofOption('chunk', 3),
  },
  {
    kind: 'mocha',
    what: 'a step begins where the chunks before were',
    reason: /^plain\/in-steps: context/,
    change: ofState((_, __, { weights }) => ({ previous: tf.clone(weights) })),
  },
  {
    kind: 'monotonic',
    what: 'the cumulative product has its own position in it: a step begins one after the one before',
    reason: /^plain\/all: context/,
    change: ofCall(({ state }) => ({ state: { previous: shifted(state['previous']) } })),
  },
  {
    kind: 'monotonic',
    what: 'g is left out of the gradient',
    reason: /^plain\/all: dGain.* is 0, expected/,
    change: ofParameter('gain', detached),
  },
  {
    kind: 'stepwiseMonotonic',
    what: 'it stays where it is to go on',
    reason: /^plain\/all: context/,
    change: ofParameters((parameters) => ({
      vector: tf.neg(parameters['vector']),
      offset: tf.neg(parameters['offset']),
    })),
  },
];

/** Mechanisms that are right but for one thing. */
export const MECHANISM_MUTANTS: readonly MechanismMutant[] = [
  ...scored,
  ...adaptive,
  ...headed,
  ...ruled,
  ...remembering,
];
