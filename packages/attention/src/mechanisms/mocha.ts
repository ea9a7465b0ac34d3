import { eachStep } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import { addAdditive } from '../cost/mechanism-use.js';
import type { MechanismDefinition } from '../definition.js';
import { nameOr, width } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { linear } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import type { ParameterSpec } from '../parameters.js';
import { additiveScores } from '../scores.js';
import { asNumbers, fromAfter, fromBefore, maskedSoftmax } from '../weigh.js';
import { additiveParameters, compareAdditively } from './additive.js';
import { alignmentState, hardAlignment, MODES, softAlignment } from './monotonic-alignment.js';
import { monotonicEnergies, monotonicFields, monotonicParameters } from './monotonic-energies.js';
import type { MonotonicOptions } from './monotonic.js';

export interface MochaOptions extends MonotonicOptions {
  /** w, how many positions a step sees: the one where it stops, and those just before; 4 by default. */
  readonly chunk?: number;
}
export type MochaConfig = { readonly kind: 'mocha' } & Required<MochaOptions>;

/**
 * Monotonic chunkwise attention: a softmax over the w positions that end where monotonic attention stops, of chunk energies
 * u_ij = v′ᵀ tanh(W₂′ s_i + W₁′ h_j + b′): α_ij = Σ_{k=j}^{j+w−1} a_ik exp(u_ij) / Σ_{l=k−w+1}^{k} exp(u_il), a being the
 * alignment of `monotonic`. Rows sum to at most 1.
 *
 * It keeps a state, so steps come one after the other: previous [N, Tk], the alignment a of the step before, 1 at the first
 * position at first; of hard ones position [N]. `parts` has choose p, chunk u and monotonic a between scores and weights.
 *
 * Parameters: those of `monotonic`, and chunk_query_kernel W₂′ [Q, U], chunk_memory_kernel W₁′ [M, U], chunk_vector v′ [U],
 * chunk_bias b′ [U] when there is a b.
 *
 * @throws HeedError CONFIG_INVALID
 * @see Chiu & Raffel 2017, arXiv:1712.05382, eq. 7–11 and 17–23
 */
export function mocha(options: MochaOptions): AttentionMechanism<MochaConfig> {
  return buildMechanism(mochaDefinition, { ...options, kind: 'mocha' });
}

const CHUNK = 'chunk_';

export const mochaDefinition: MechanismDefinition<MochaConfig, MochaOptions> = {
  kind: 'mocha',
  title: 'Monotonic chunkwise (MoChA)',
  formula: {
    text: 'g (v/‖v‖)ᵀ tanh(W₂ s + W₁ h + b) + r says where a step stops; a softmax of v′ᵀ tanh(W₂′ s + W₁′ h + b′) weighs what ends there',
    score: m.monotonicEnergy,
    state: m.row(
      m.symbol('α', 'α', m.ij),
      m.o('='),
      m.sum('<mi>k</mi>'),
      m.symbol('α', 'a', m.row(m.i, '<mi>k</mi>')),
      m.apply('softmax', m.symbol('e', 'u', m.ij)),
    ),
    papers: [arXiv('1712.05382', 'Chiu & Raffel 2017', 'eq. 7–11 and 17–23')],
  },
  schema: v.strictObject({
    kind: v.literal('mocha'),
    name: nameOr('mocha'),
    ...monotonicFields,
    mode: v.optional(v.picklist(MODES), 'soft'),
    chunk: v.optional(width, 4),
  }),
  fit: projected,
  suggest: ({ width }) => ({ units: width }),
  widths: ({ queryWidth, memoryWidth }) => ({ queryWidth, memoryWidth, contextWidth: memoryWidth }),
  weighs: true,
  parameters: (config) => ({ ...monotonicParameters(config), ...chunkParameters(config) }),
  bind({ mode, chunk, units }, parameters) {
    const ofChunks = Object.fromEntries(
      Object.entries(parameters)
        .filter(([key]) => key.startsWith(CHUNK))
        .map(([key, value]) => [key.slice(CHUNK.length), value]),
    );
    return {
      // Keys of both kinds, side by side.
      project: (keys, values) => ({
        keys: linear(keys, tf.concat([parameters['memory_kernel']!, ofChunks['memory_kernel']!], 1)), // [B, Tk, 2U]
        values: tf.clone(values),
      }),
      compare(query, { keys, values }, call) {
        const [own, chunks] = tf.split(keys, [units, units], 2) as [tf.Tensor3D, tf.Tensor3D];
        return {
          op: 'weightedContext',
          scores: monotonicEnergies(query, { keys: own, values }, parameters),
          value: values,
          weigh(scores, allowed) {
            const { weights: stops, between } = (mode === 'soft' ? softAlignment : hardAlignment)(
              scores,
              allowed,
              call,
            );
            const compared = compareAdditively(query, { keys: chunks, values }, ofChunks);
            const energies = additiveScores(compared.query, compared.key, compared.vector);
            return {
              weights: overChunks(stops, energies, allowed, chunk),
              between: { ...between, chunk: energies, monotonic: stops },
            };
          },
        };
      },
    };
  },
  state: alignmentState,
  cost(tally, config, use) {
    const { units, bias } = config;
    for (let n = 0; n < 2; n++) addAdditive(tally, use, config);
    tally.parameters(bias ? 2 * units : 0, 2);
  },
};

function chunkParameters(config: MochaConfig): Readonly<Record<string, ParameterSpec>> {
  const specs = additiveParameters({ ...config, normalized: false }, CHUNK);
  return Object.fromEntries(Object.entries(specs).map(([key, spec]) => [`${CHUNK}${key}`, spec]));
}

/**
 * What stops at a position, shared out among the positions of the chunk that ends there.
 *
 * @param stops how much stops at each position, [N, T, Tk]
 */
function overChunks(stops: tf.Tensor3D, energies: tf.Tensor3D, allowed: tf.Tensor3D, chunk: number): tf.Tensor3D {
  if (energies.size === 0) return tf.zerosLike(energies);
  const offsets = Array.from({ length: chunk }, (_, back) => back);
  // For the chunk that ends at k: energies of k, k − 1, …, [N, T, Tk, w].
  const windows = tf.stack(
    offsets.map((back) => fromBefore(energies, back)),
    3,
  );
  const open = tf.stack(
    offsets.map((back) => fromBefore(asNumbers(allowed), back)),
    3,
  );
  const shares = tf.mul(maskedSoftmax(windows, tf.greater(open, 0)), tf.expandDims(stops, 3));
  return tf.addN(eachStep(shares as tf.Tensor4D, 3).map((share, back) => fromAfter(share, back)));
}
