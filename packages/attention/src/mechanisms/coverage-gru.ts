import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildMechanism } from '../build.js';
import { addAdditive } from '../cost/mechanism-use.js';
import type { MechanismDefinition, SeenStep } from '../definition.js';
import { nameOr, width } from '../fields.js';
import { projected } from '../fit.js';
import { arXiv } from '../formula.js';
import { glorotUniform } from '../initializers.js';
import { linear } from '../linear.js';
import * as m from '../math-ml.js';
import type { AttentionMechanism } from '../mechanism.js';
import type { ParameterSpec } from '../parameters.js';
import { additiveFields, additiveParameters, compareAdditively } from './additive.js';
import { coverageScore, tellCoverage, type CoverageOptions } from './coverage.js';

export interface CoverageGruOptions extends CoverageOptions {
  /** d, how many numbers tell what was looked at in each position; 10 by default. */
  readonly coverageWidth?: number;
}
export type CoverageGruConfig = { readonly kind: 'coverageGru' } & Required<CoverageGruOptions>;

/**
 * Coverage as a vector that a gated recurrent unit keeps of each position: e_ij = vᵀ tanh(W₂ s_i + W₁ h_j + W_c κ_ij + b), with
 * κ_{i+1,j} = GRU(κ_ij, [α_ij; h_j; s_i]): z and r are sigmoids, n = tanh(K_n x + R_n (r∘κ) + b_n), and (1 − z)∘κ + z∘n is next.
 *
 * It keeps a state, so steps come one after the other. The state's tensor is coverage κ [N, Tk, d], 0 before the first step; that
 * of a position that takes no part stays as it is.
 *
 * Parameters: those of additive attention, coverage_kernel W_c [d, U], gru_kernel K [1 + M + Q, 3d], gru_recurrent_kernel R [d, 3d]
 * and gru_bias [3d], of z, r and n.
 *
 * @throws HeedError CONFIG_INVALID
 * @see Tu et al. 2016, arXiv:1601.04811, §3.2; Cho et al. 2014, arXiv:1406.1078, §2.3
 */
export function coverageGru(options: CoverageGruOptions): AttentionMechanism<CoverageGruConfig> {
  return buildMechanism(coverageGruDefinition, { ...options, kind: 'coverageGru' });
}

export const coverageGruDefinition: MechanismDefinition<CoverageGruConfig, CoverageGruOptions> = {
  kind: 'coverageGru',
  title: 'Additive with neural coverage',
  formula: {
    text: 'vᵀ tanh(W₂ s + W₁ h + W κ + b), κ what a GRU keeps of the steps before',
    score: coverageScore,
    state: m.row(
      m.symbol('α', 'κ', m.ij),
      m.o('='),
      m.apply(
        'GRU',
        m.row(
          m.symbol('α', 'κ', m.stepBefore),
          m.o(','),
          m.symbol('α', 'α', m.stepBefore),
          m.o(','),
          m.h,
          m.o(','),
          m.symbol('s', 's', m.row(m.i, m.o('−'), '<mn>1</mn>')),
        ),
      ),
    ),
    papers: [arXiv('1601.04811', 'Tu, Lu, Liu, Liu & Li 2016', '§3.2'), arXiv('1406.1078', 'Cho et al. 2014', '§2.3')],
  },
  schema: v.strictObject({
    kind: v.literal('coverageGru'),
    name: nameOr('coverageGru'),
    ...additiveFields,
    coverageWidth: v.optional(width, 10),
  }),
  fit: projected,
  suggest: ({ width }) => ({ units: width }),
  widths: ({ queryWidth, memoryWidth }) => ({ queryWidth, memoryWidth, contextWidth: memoryWidth }),
  parameters(config) {
    const { queryWidth, memoryWidth, units, coverageWidth, seed } = config;
    const kernel = (stream: string, fanIn: number, fanOut: number): ParameterSpec => ({
      shape: [fanIn, fanOut],
      initial: () => glorotUniform([fanIn, fanOut], { seed, stream }),
    });
    return {
      ...additiveParameters(config),
      coverage_kernel: kernel('coverage_kernel', coverageWidth, units),
      gru_kernel: kernel('gru_kernel', 1 + memoryWidth + queryWidth, 3 * coverageWidth),
      gru_recurrent_kernel: kernel('gru_recurrent_kernel', coverageWidth, 3 * coverageWidth),
      gru_bias: { shape: [3 * coverageWidth], initial: () => new Float32Array(3 * coverageWidth) },
    };
  },
  bind: ({ units, memoryWidth, coverageWidth }, parameters) => ({
    // What the GRU is told of the memory is the same for all steps, so it stands beside the features of a key: [B, Tk, U + 3d].
    project(keys, values) {
      const ofMemory = tf.slice(parameters['gru_kernel']!, [1, 0], [memoryWidth, 3 * coverageWidth]);
      return {
        keys: tf.concat3d([linear(keys, parameters['memory_kernel']!), linear(values, ofMemory)], 2),
        values: tf.clone(values),
      };
    },
    compare(query, memory, { state }) {
      const compared = { keys: tf.slice(memory.keys, [0, 0, 0], [-1, -1, units]), values: memory.values };
      return tellCoverage(compareAdditively(query, compared, parameters), state['coverage'] as tf.Tensor3D, parameters);
    },
  }),
  state: {
    shapes: (keys, { coverageWidth }) => ({ coverage: [keys, coverageWidth] }),
    next: ({ coverage }, seen) => ({ coverage: updated(coverage as tf.Tensor3D, seen) }),
  },
  cost(tally, config, use) {
    const { queryWidth, memoryWidth, units, coverageWidth: d, bias, normalized } = config;
    addAdditive(tally, use, config);
    tally.parameters(bias ? units : 0, normalized ? 1 : 0, d * units, (1 + memoryWidth + queryWidth + d + 1) * 3 * d);
    if (use.batch === 0) return;
    const [steps, positions] = [use.calls * use.queries, use.batch * use.keys];
    tally.product({ m: positions, k: memoryWidth, n: 3 * d });
    tally.product({ m: positions, k: d, n: units }, steps).product({ m: positions, k: d, n: 3 * d }, steps);
    tally.product({ m: use.batch, k: queryWidth, n: 3 * d }, steps);
    tally.functions(steps * positions * 3 * d);
  },
};

/** The coverage after a step, [N, Tk, d]. */
function updated(coverage: tf.Tensor3D, { weights, query, memory, present, parameters }: SeenStep): tf.Tensor {
  const [rows, keys, d] = coverage.shape;
  if (coverage.size === 0) return tf.clone(coverage);
  const { gru_kernel: kernel, gru_recurrent_kernel: recurrent, gru_bias: bias } = parameters;
  const queryWidth = query.shape[1];
  const ofWeight = tf.slice(kernel!, [0, 0], [1, 3 * d]);
  const ofQuery = tf.slice(kernel!, [kernel!.shape[0]! - queryWidth, 0], [queryWidth, 3 * d]);
  const told = tf.addN([
    tf.mul(tf.expandDims(weights, 2), ofWeight),
    tf.slice(memory.keys as tf.Tensor3D, [0, 0, memory.keys.shape[2]! - 3 * d], [rows, keys, 3 * d]),
    tf.broadcastTo(tf.expandDims(tf.add(tf.matMul(query, ofQuery), bias!), 1), [rows, keys, 3 * d]),
  ]);
  const [toldZ, toldR, toldN] = tf.split(told, 3, 2) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
  const [ofGates, ofNew] = tf.split(recurrent!, [2 * d, d], 1) as [tf.Tensor2D, tf.Tensor2D];
  const [keptZ, keptR] = tf.split(linear(coverage, ofGates), 2, 2) as [tf.Tensor3D, tf.Tensor3D];
  const z = tf.sigmoid(tf.add(toldZ, keptZ));
  const r = tf.sigmoid(tf.add(toldR, keptR));
  const n = tf.tanh(tf.add(toldN, linear(tf.mul(r, coverage), ofNew)));
  const next = tf.add(tf.mul(tf.sub(1, z), coverage), tf.mul(z, n));
  const takes = tf.cast(tf.broadcastTo(tf.expandDims(tf.cast(present(), 'int32'), 2), [rows, keys, d]), 'bool');
  return tf.where(takes, next, coverage);
}
