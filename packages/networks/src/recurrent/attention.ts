import * as tf from '@tensorflow/tfjs-core';
import {
  definitionOf,
  type BoundMechanism,
  type AttentionState,
  type MechanismDefinition,
  type MechanismOptions,
  type MemoryTensors,
  type Place,
  type PreparedMemory,
} from '@heed/attention';
import { HeedError } from '@heed/core';
import { adoptMechanism, fitted, parseConfig, type Encoded, type GraphTensors, type Parameters } from '@heed/nn';
import { ShownHeads } from '../shown-heads.js';
import type { AttentionChoice } from './config.js';

/** What a decoder looks at the source with. Axis letters: N decoder rows (B·K with K beams a source), C context width. */
export interface Attention {
  readonly contextWidth: number;
  /** Whether a step is told what the ones before saw, so that steps come one after the other. */
  readonly keepsState: boolean;
  /** Whether the state says how much each position was looked at, as the loss of coverage wants to know. */
  readonly keepsCoverage: boolean;
  /** The heads whose mean the weights are, of attention that has some. */
  readonly shownHeads: ShownHeads;
  /** Inside a tidy the result lives as long as that, else until it is disposed. */
  prepare(encoded: Encoded): SourceMemory;
  /** A memory of the tensors of another, which are borrowed. */
  restore(tensors: GraphTensors): SourceMemory;
}

export interface SourceMemory {
  /** The state before the first step, of B rows, or of these tensors; absent where none is kept. */
  start(given?: AttentionState): AttentionState | undefined;
  /** What it is made of, by names; the caller's. */
  tensors(): GraphTensors;
  /**
   * @param queries of each source row, K in a row: [B, K, Q]
   * @returns context [B, K, C]; weights [B, K, T] when asked for, of several heads their mean; logSumExp [B, K] when asked
   *   for and there is one head; the next state where one is kept
   */
  attend(queries: tf.Tensor3D, options: Wanted): Attended;
  /** Goes on with these sources alone: row i is what sources[i] was. */
  keep(sources: Int32Array): void;
  dispose(): void;
}

interface Wanted {
  readonly returnWeights: boolean;
  readonly returnLogSumExp?: boolean;
  /** What the step before left, of N rows; where a state is kept. */
  readonly state?: AttentionState | undefined;
}

interface Attended {
  readonly context: tf.Tensor3D;
  readonly weights?: tf.Tensor3D;
  readonly logSumExp?: tf.Tensor2D;
  readonly state?: AttentionState;
}

const PREFIX = 'attention';

/**
 * The mechanism's parameters become the model's, under 'attention/'.
 *
 * @throws HeedError CONFIG_INVALID, UNKNOWN_NAME (the kind); for given values CHECKPOINT_INVALID, SHAPE_MISMATCH, NOT_FINITE
 */
export function createAttention(
  choice: AttentionChoice,
  parameters: Parameters,
  widths: Omit<Place, 'seed'>,
  options: MechanismOptions = {},
): Attention {
  if (choice.kind === 'none') return lastStates(widths.memoryWidth);
  const definition = definitionOf('attention', choice, options.mechanisms);
  const config = fitted(choice, { ...widths, seed: parameters.seed }, options);
  assertOneWidth(definition, widths);
  assertNoPositions(definition, config);
  const mechanism = adoptMechanism(parameters, PREFIX, config, options);
  const shownHeads = new ShownHeads();
  const memoryOf = (prepared: PreparedMemory): SourceMemory => sourceMemory(mechanism, prepared, shownHeads);
  return {
    contextWidth: mechanism.contextWidth,
    keepsState: mechanism.keepsState,
    keepsCoverage: definition.state?.shapes(0, mechanism.config())['coverage']?.length === 1,
    shownHeads,
    prepare: ({ memory, lengths }) => memoryOf(mechanism.prepare(memory, { lengths })),
    restore: (tensors) => memoryOf(mechanism.restore(tensors as MemoryTensors)),
  };
}

const sourceMemory = (mechanism: BoundMechanism, prepared: PreparedMemory, shownHeads: ShownHeads): SourceMemory => ({
  start: (given) => mechanism.initialState(prepared, given),
  tensors: () => prepared.tensors(),
  attend: (queries, options) => attend(mechanism, prepared, queries, { ...options, shownHeads }),
  keep: (sources) => void prepared.reorder(sources),
  dispose: () => prepared.dispose(),
});

function attend(
  mechanism: BoundMechanism,
  prepared: PreparedMemory,
  queries: tf.Tensor3D,
  { state, shownHeads, ...wanted }: Wanted & { readonly shownHeads: ShownHeads },
): Attended {
  if (state === undefined) return seenBy(mechanism.attend(queries, prepared, wanted), shownHeads);
  // The beams of a source have a past each, so they are rows of one step.
  const [batch, beams, width] = queries.shape;
  const seen = mechanism.attend(tf.reshape(queries, [batch * beams, width]), prepared, { ...wanted, state });
  const bySource = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [batch, beams, ...x.shape.slice(1)]);
  const { context, weights, logSumExp, state: next } = seen;
  return {
    ...seenBy(
      {
        context: bySource(context) as tf.Tensor3D,
        weights: weights && bySource(weights),
        logSumExp: logSumExp && bySource(logSumExp),
      },
      shownHeads,
    ),
    state: next!,
  };
}

interface Seen {
  readonly context: tf.Tensor3D;
  readonly weights: tf.Tensor | undefined;
  readonly logSumExp: tf.Tensor | undefined;
}

/** Results of all heads: the mean of their weights [B, H, K, …]; a logSumExp of several heads has no meaning. */
const seenBy = ({ context, weights, logSumExp }: Seen, shownHeads: ShownHeads): Attended => ({
  context,
  ...(weights && { weights: weights.rank === 4 ? shownHeads.mean(weights) : (weights as tf.Tensor3D) }),
  ...(logSumExp?.rank === 2 && { logSumExp: logSumExp as tf.Tensor2D }),
});

/** A decoder's states sit on no position of the source. */
function assertNoPositions({ kind, schema, positional, looksBack }: MechanismDefinition, config: object): void {
  if (!looksBack && positional?.(parseConfig(kind, schema, config)) !== true) return;
  throw new HeedError('CONFIG_INVALID', {
    message: `attention '${kind}' of a recurrent model compares positions of queries`,
    hint: 'the states that attend here have no positions: leave out options that compare them, or choose another mechanism',
    details: { kind },
  });
}

function assertOneWidth({ kind, fit }: MechanismDefinition, { queryWidth, memoryWidth }: Omit<Place, 'seed'>): void {
  if (!fit.comparesAsIs || queryWidth === memoryWidth) return;
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
    keepsState: false,
    keepsCoverage: false,
    shownHeads: new ShownHeads(),
    prepare: ({ last }) => summaryMemory(tf.concat2d(Object.values(last), 1)),
    restore: ({ summary }) => summaryMemory(tf.clone(summary as tf.Tensor2D)),
  };
}

/** @param whole [B, M] */
function summaryMemory(whole: tf.Tensor2D): SourceMemory {
  let summary = whole;
  return {
    start: () => undefined,
    tensors: () => ({ summary: tf.clone(summary) }),
    attend(queries) {
      const [batch, count] = queries.shape;
      return { context: tf.tile(tf.reshape(summary, [batch, 1, summary.shape[1]]), [1, count, 1]) };
    },
    keep(sources) {
      const before = summary;
      summary = tf.tidy(() => tf.gather(before, tf.tensor1d(sources, 'int32')));
      before.dispose();
    },
    dispose: () => summary.dispose(),
  };
}
