import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import { addAdditive } from '../cost/mechanism-use.js';
import type { MechanismDefinition } from '../definition.js';
import { nameOr, seed, width } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { glorotUniform } from '../initializers.js';
import { linear } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import { onlyWhere, overSum, type Weigh } from '../weigh.js';
import { additiveParameters, compareAdditively } from './additive.js';

const SOURCES = ['previous', 'cumulative', 'both'] as const;
const NORMALIZERS = ['softmax', 'smoothing'] as const;

export interface LocationSensitiveOptions {
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** U, the width in which query and memory are compared. */
  readonly units: number;
  /** F, how many features of where it has looked each position gets; 32 by default. */
  readonly filters?: number;
  /** R, how many positions a filter spans, an odd number; 31 by default. */
  readonly filterSize?: number;
  /** What the filters see: the weights of the step before (by default), the sum of those of all steps before, or both. */
  readonly source?: (typeof SOURCES)[number];
  /** 'softmax' by default, or 'smoothing', which spreads the weights: σ(e_j) / Σ σ(e). */
  readonly normalizer?: (typeof NORMALIZERS)[number];
  /** Whether there is a b; true by default. */
  readonly bias?: boolean;
  /** Seed of the initial parameters. */
  readonly seed: number;
  /** Begins the variables' names; 'locationSensitive' by default. */
  readonly name?: string;
}

export type LocationSensitiveConfig = { readonly kind: 'locationSensitive' } & Required<LocationSensitiveOptions>;

/**
 * Additive attention that is told where the steps before have looked: e_ij = vᵀ tanh(W₂ s_i + W₁ h_j + U f_ij + b), with
 * features f_i = F ∗ α_{i−1} of the weights around each position, of the step before, of their sum over all steps before, or both.
 *
 * It keeps a state, so steps come one after the other. The state is previous [N, Tk], the weights of the step before, and
 * cumulative [N, Tk], their sum over all steps before; both 0 before the first step.
 *
 * Parameters: those of additive attention, filters F [R, 1 or 2, F] (previous before cumulative; a cross-correlation, 0 beyond the
 * memory), location_kernel U [F, U].
 *
 * @throws HeedError CONFIG_INVALID
 * @see Chorowski et al. 2015, arXiv:1506.07503, eq. 8, 9 and 11 (smoothing); Shen et al. 2017, arXiv:1712.05884, §2.2 (cumulative)
 */
export function locationSensitive(options: LocationSensitiveOptions): AttentionMechanism<LocationSensitiveConfig> {
  return buildMechanism(locationSensitiveDefinition, { ...options, kind: 'locationSensitive' });
}

const channelsOf = ({ source }: Pick<LocationSensitiveConfig, 'source'>): number => (source === 'both' ? 2 : 1);

/** σ(e) over its sum, eq. 11: more than one position gets its share where a softmax would choose. */
const smoothing: Weigh = (scores, allowed) => ({ weights: overSum(onlyWhere(allowed, tf.sigmoid(scores))) });

export const locationSensitiveDefinition: MechanismDefinition<LocationSensitiveConfig, LocationSensitiveOptions> = {
  kind: 'locationSensitive',
  title: 'Location-sensitive (Chorowski)',
  formula: {
    text: 'vᵀ tanh(W₂ s + W₁ h + U f + b), f features of the weights around h in the steps before',
    score: m.row(
      m.v,
      m.apply(
        'tanh',
        m.row(
          m.W('2'),
          m.s,
          m.o('+'),
          m.W('1'),
          m.h,
          m.o('+'),
          m.symbol('W', 'U'),
          m.symbol('α', 'f', m.ij),
          m.o('+'),
          m.b,
        ),
      ),
    ),
    state: m.row(
      m.symbol('α', 'f', m.i),
      m.o('='),
      m.symbol('W', 'F'),
      m.o('∗'),
      m.symbol('α', 'α', m.row(m.i, m.o('−'), '<mn>1</mn>')),
    ),
    papers: [
      arXiv('1506.07503', 'Chorowski, Bahdanau, Serdyuk, Cho & Bengio 2015', 'eq. 8, 9 and 11'),
      arXiv('1712.05884', 'Shen et al. 2017', '§2.2'),
    ],
  },
  schema: v.strictObject({
    kind: v.literal('locationSensitive'),
    name: nameOr('locationSensitive'),
    queryWidth: width,
    memoryWidth: width,
    units: width,
    filters: v.optional(width, 32),
    filterSize: v.optional(
      v.pipe(
        width,
        v.check((size) => size % 2 === 1, 'filterSize must be odd: as many positions before as after'),
      ),
      31,
    ),
    source: v.optional(v.picklist(SOURCES), 'previous'),
    normalizer: v.optional(v.picklist(NORMALIZERS), 'softmax'),
    bias: v.optional(v.boolean(), true),
    seed,
  }),
  fit: projected,
  suggest: ({ width }) => ({ units: width }),
  widths: ({ queryWidth, memoryWidth }) => ({ queryWidth, memoryWidth, contextWidth: memoryWidth }),
  parameters(config) {
    const { units, filters, filterSize, seed } = config;
    const channels = channelsOf(config);
    return {
      ...additiveParameters({ ...config, normalized: false }),
      filters: {
        shape: [filterSize, channels, filters],
        initial: () => glorotUniform([filterSize * channels, filters], { seed, stream: 'filters' }),
      },
      location_kernel: {
        shape: [filters, units],
        initial: () => glorotUniform([filters, units], { seed, stream: 'location_kernel' }),
      },
    };
  },
  bind: (config, parameters) => ({
    project: (keys, values) => ({ keys: linear(keys, parameters['memory_kernel']), values: tf.clone(values) }),
    compare(query, memory, { state: { previous, cumulative } }) {
      const { source, filterSize, filters } = config;
      const seen = { previous: [previous], cumulative: [cumulative], both: [previous, cumulative] }[source];
      // Filters and U follow one another without a function between, so their product is one kernel, smaller than the memory.
      const kernel = tf.matMul(
        tf.reshape(parameters['filters'], [-1, filters]),
        parameters['location_kernel'] as tf.Tensor2D,
      );
      const told = linear(around(seen, filterSize), kernel); // [N, Tk, U]
      const comparison = compareAdditively(query, memory, parameters);
      return {
        ...comparison,
        key: tf.add(comparison.key, told),
        ...(config.normalizer === 'smoothing' && { weigh: smoothing }),
      };
    },
  }),
  state: {
    shapes: (keys) => ({ previous: [keys], cumulative: [keys] }),
    alongKeys: ['previous', 'cumulative'],
    next: ({ cumulative }, { weights }) => ({ previous: weights, cumulative: tf.add(cumulative, weights) }),
  },
  cost(tally, config, use) {
    const { units, bias, filters, filterSize } = config;
    const taps = filterSize * channelsOf(config);
    addAdditive(tally, use, config);
    tally.parameters(bias ? units : 0, taps * filters, filters * units);
    if (use.batch === 0) return;
    const steps = use.calls * use.queries;
    tally.product({ m: taps, k: filters, n: units }, steps);
    tally.product({ m: use.batch * use.keys, k: taps, n: units }, steps);
  },
};

/** What lies around each position of tensors [N, Tk]: [N, Tk, R·C], 0 beyond the first and the last. */
function around(channels: readonly tf.Tensor[], size: number): tf.Tensor3D {
  const [rows, keys] = channels[0]!.shape as [number, number];
  const reach = (size - 1) / 2;
  const seen = tf.stack([...channels], 2) as tf.Tensor3D; // [N, Tk, C]
  if (seen.size === 0) return tf.zeros([rows, keys, size * channels.length]);
  const padded = tf.pad3d(seen, [
    [0, 0],
    [reach, reach],
    [0, 0],
  ]);
  const shifted = Array.from({ length: size }, (_, r) => tf.slice(padded, [0, r, 0], [rows, keys, channels.length]));
  return tf.concat3d(shifted, 2);
}
