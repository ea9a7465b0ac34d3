import * as tf from '@tensorflow/tfjs-core';
import type { AttentionMechanism, PreparedMemory } from '@heed/attention';
import { HeedError } from '@heed/core';
import type { AttentionChoice } from './config.js';
import { coverageAttention } from './coverage.js';
import { adoptMechanism, comparesAsIs, fitted, type Encoded, type Parameters } from '@heed/nn';

/** What a decoder looks at the source with. Axis letters: N decoder rows (B·K with K beams a source), C context width. */
export interface Attention {
  readonly contextWidth: number;
  /** Inside a tidy the result lives as long as that, else until it is disposed. */
  prepare(encoded: Encoded): Prepared;
}

export interface Prepared {
  /**
   * @param queries of each source row, K in a row: [B, K, Q]
   * @returns context [B, K, C]; weights [B, K, T] when asked for, of several heads their mean; logSumExp [B, K] when asked
   *   for and there is one head
   */
  attend(queries: tf.Tensor3D, options: Wanted): Attended;
  dispose(): void;
}

interface Wanted {
  readonly returnWeights: boolean;
  readonly returnLogSumExp?: boolean;
  /** c, the sum of the weights of the steps before, [B, K, T]; of attention with coverage. */
  readonly coverage?: tf.Tensor3D;
}

interface Attended {
  readonly context: tf.Tensor3D;
  readonly weights?: tf.Tensor3D;
  readonly logSumExp?: tf.Tensor2D;
}

interface Widths {
  readonly queryWidth: number;
  readonly memoryWidth: number;
}

const PREFIX = 'attention';

/**
 * The mechanism's parameters become the model's, under 'attention/'.
 *
 * @param coverage whether the energies are told where was looked before; additive attention alone
 * @throws HeedError CONFIG_INVALID, UNKNOWN_NAME (the kind); for given values CHECKPOINT_INVALID, SHAPE_MISMATCH, NOT_FINITE
 */
export function createAttention(
  choice: AttentionChoice,
  parameters: Parameters,
  widths: Widths,
  coverage = false,
): Attention {
  if (choice.kind === 'none') return lastStates(widths.memoryWidth);
  assertOneWidth(choice, widths);
  assertNoPositions(choice);
  const mechanism = adoptMechanism(parameters, PREFIX, fitted(choice, { ...widths, seed: parameters.seed }));
  if (coverage) {
    return coverageAttention(mechanism, parameters.kernel('coverage/kernel', [1, mechanism.parameters['vector'].size]));
  }
  return {
    contextWidth: mechanism.contextWidth,
    prepare({ memory, lengths }) {
      const prepared = mechanism.prepare(memory, { lengths });
      return {
        attend: (queries, options) => attend(mechanism, prepared, queries, options),
        dispose: () => prepared.dispose(),
      };
    },
  };
}

function attend(
  mechanism: AttentionMechanism,
  prepared: PreparedMemory,
  queries: tf.Tensor3D,
  wanted: Wanted,
): Attended {
  const { returnWeights, returnLogSumExp } = wanted;
  const { context, weights, logSumExp } = mechanism.attend(queries, prepared, {
    returnWeights,
    returnLogSumExp,
  });
  return {
    context,
    ...(weights && { weights: weights.rank === 4 ? tf.mean(weights, 1) : (weights as tf.Tensor3D) }),
    ...(logSumExp?.rank === 2 && { logSumExp: logSumExp as tf.Tensor2D }),
  };
}

/** A decoder's states sit on no position of the source. */
function assertNoPositions(choice: AttentionChoice): void {
  const given = POSITIONS.find((name) => name in choice && choice[name as keyof AttentionChoice] !== undefined);
  if (given === undefined) return;
  throw new HeedError('CONFIG_INVALID', {
    message: `attention '${choice.kind}' of a recurrent model has '${given}', which is by positions of the queries`,
    hint: 'leave it out: the states that attend here have no positions',
    details: { kind: choice.kind, option: given },
  });
}

const POSITIONS = ['rotary', 'alibi', 'relative'] as const;

function assertOneWidth({ kind }: AttentionChoice, { queryWidth, memoryWidth }: Widths): void {
  if (!comparesAsIs(kind) || queryWidth === memoryWidth) return;
  throw new HeedError('CONFIG_INVALID', {
    message: `attention '${kind}' compares query and memory, whose widths are ${queryWidth} and ${memoryWidth}`,
    hint: `set decoderUnits to ${memoryWidth}, or choose 'general'`,
    details: { queryWidth, memoryWidth },
  });
}

/**
 * The encoder–decoder before attention: the same context at every step, the last states of the encoder.
 *
 * @see Cho et al. 2014, arXiv:1406.1078, §2.2; Sutskever, Vinyals & Le 2014, arXiv:1409.3215
 */
function lastStates(memoryWidth: number): Attention {
  return {
    contextWidth: memoryWidth,
    prepare({ last }) {
      const summary = tf.concat2d(Object.values(last), 1); // [B, M]
      return {
        attend(queries) {
          const [batch, count] = queries.shape;
          return { context: tf.tile(tf.reshape(summary, [batch, 1, memoryWidth]), [1, count, 1]) };
        },
        dispose: () => summary.dispose(),
      };
    },
  };
}
