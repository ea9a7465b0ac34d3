import * as tf from '@tensorflow/tfjs-core';
import {
  HeedError,
  both,
  causal,
  checkAlignment,
  checkCausal,
  checkFlag,
  checkOptions,
  dense,
  type Alignment,
  type Bias,
  type Dropout,
  type Mask,
} from '@heed/core';
import { checkIndices, checkTensor } from './checks.js';
import type { MechanismConfig } from './config.js';
import {
  ATTEND_OPTIONS,
  PREPARE_OPTIONS,
  type AttendOptions,
  type Attended,
  type AttentionMechanism,
  type PrepareOptions,
  type PreparedMemory,
} from './mechanism.js';
import { ProjectedMemory, lengthMask, type Projection } from './prepared-memory.js';

/** What a mechanism adds to the checks, ownership and shapes that all share. */
export interface Definition {
  readonly config: MechanismConfig;
  readonly queryWidth: number;
  readonly memoryWidth: number;
  readonly contextWidth: number;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** Whether scores depend on how far apart a query and a position are. */
  readonly positional?: boolean;
  /** Keys and values [B, Tk, M] → as the score wants them; `start` is the first one's position. */
  project(keys: tf.Tensor3D, values: tf.Tensor3D, start: number): Projection;
  /** query [B, T, Q] → context [B, T, C], weights [B, T, Tk] or [B, H, T, Tk], logSumExp [B, T] or [B, H, T]. */
  score(query: tf.Tensor3D, memory: Projection, call: ScoreCall): Attended<tf.Tensor3D>;
}

/** The options of `attend`, resolved. */
export interface ScoreCall {
  /** As core's ops take them; the mask joins the memory's own, the causal one and the caller's. */
  readonly options: {
    readonly mask: Mask | undefined;
    readonly dropout: Dropout | undefined;
    readonly returnWeights: boolean;
    readonly returnLogSumExp: boolean;
  };
  readonly bias: Bias | tf.Tensor | undefined;
  readonly alignment: Alignment;
}

export function defineMechanism(definition: Definition): AttentionMechanism {
  const { config, queryWidth, memoryWidth, contextWidth, parameters, positional = false } = definition;
  const what = config.name;
  const prepared = new WeakSet<object>();
  const isOwn = (memory: PreparedMemory): memory is ProjectedMemory => prepared.has(memory);
  let disposed = false;

  function assertAlive(call: string): void {
    if (disposed) throw new HeedError('DISPOSED', { message: `${what}: ${call} after dispose` });
  }

  function prepare(memory: tf.Tensor3D, options: PrepareOptions = {}): PreparedMemory {
    assertAlive('prepare');
    checkOptions(`${what}: prepare`, options, PREPARE_OPTIONS);
    checkTensor(`${what}: prepare: memory`, memory, ['B', 'Tk', memoryWidth]);
    const [batch, time] = memory.shape;
    const { keys = memory, mask } = options;
    checkTensor(`${what}: prepare: keys`, keys, [batch, time, memoryWidth]);
    if (mask !== undefined) checkTensor(`${what}: prepare: mask`, mask, [batch, time], 'bool');
    const lengths =
      options.lengths === undefined
        ? undefined
        : checkIndices(`${what}: prepare: lengths`, options.lengths, time, batch);
    const projection = tf.tidy(() => {
      const values = withoutPadding(memory, lengths, mask);
      const sources = keys === memory ? values : withoutPadding(keys, lengths, mask);
      return { ...definition.project(sources, values, 0), mask: mask && tf.clone(mask) };
    });
    const result = new ProjectedMemory({
      ...projection,
      lengths,
      what,
      memoryWidth,
      positional,
      project: (keys, values, start) => {
        assertAlive('append');
        return definition.project(keys, values, start);
      },
    });
    prepared.add(result);
    return result;
  }

  function attend<Q extends tf.Tensor, Weights extends boolean, LogSumExp extends boolean>(
    query: Q,
    memory: PreparedMemory,
    options: AttendOptions<Weights, LogSumExp> = {},
  ): Attended<Q, Weights, LogSumExp> {
    assertAlive('attend');
    checkOptions(`${what}: attend`, options, ATTEND_OPTIONS);
    if (!isOwn(memory)) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `${what}: attend: the memory wasn't prepared by this mechanism`,
        hint: 'call prepare(memory) of the same mechanism first',
      });
    }
    memory.assertAlive('attend');
    const isStep = query?.rank === 2;
    checkTensor(`${what}: attend: query`, query, isStep ? [memory.batch, queryWidth] : [memory.batch, 'T', queryWidth]);
    const alignment = alignmentOf(what, options, isStep);
    return tf.tidy(() => {
      const queries = isStep ? tf.reshape<tf.Rank.R3>(query, [memory.batch, 1, queryWidth]) : (query as tf.Tensor);
      const masks = [
        ...memory.masks(),
        ...(options.causal === undefined || options.causal === false ? [] : [causal(alignment)]),
        ...(options.mask === undefined ? [] : [asMask(options.mask)]),
      ];
      const { context, weights, logSumExp } = definition.score(queries as tf.Tensor3D, memory, {
        options: {
          mask: masks.length > 0 ? both(...masks) : undefined,
          dropout: options.dropout,
          returnWeights: checkFlag(`${what}: attend: returnWeights`, options.returnWeights),
          returnLogSumExp: checkFlag(`${what}: attend: returnLogSumExp`, options.returnLogSumExp),
        },
        bias: options.bias,
        alignment,
      });
      const squeeze = (x: tf.Tensor, axis: number): tf.Tensor => (isStep ? tf.squeeze(x, [axis]) : x);
      return {
        context: squeeze(context, 1) as Q,
        ...(weights && { weights: squeeze(weights, weights.rank - 2) }),
        ...(logSumExp && { logSumExp: squeeze(logSumExp, logSumExp.rank - 1) }),
      } as Attended<Q, Weights, LogSumExp>;
    });
  }

  return {
    parameters,
    queryWidth,
    memoryWidth,
    contextWidth,
    prepare,
    attend,
    config: () => JSON.parse(JSON.stringify(config)) as MechanismConfig,
    dispose() {
      disposed = true;
      for (const parameter of Object.values(parameters)) parameter.dispose();
    },
  };
}

/**
 * Zeros where a position takes no part. Core keeps such a position out of scores and contexts, but a projection comes
 * before it, and in the gradient of a kernel, hᵀ·dKeys, a NaN in h would outlive the zero in dKeys.
 */
function withoutPadding(x: tf.Tensor3D, lengths: Int32Array | undefined, mask: tf.Tensor2D | undefined): tf.Tensor3D {
  const [batch, time] = x.shape;
  const isShort = lengths?.some((length) => length < time) ?? false;
  if (x.size === 0 || (!isShort && mask === undefined)) return x;
  const within = isShort ? lengthMask(lengths!, time) : undefined;
  const part = mask && within ? tf.logicalAnd(mask, within) : (mask ?? within!);
  return tf.where(tf.reshape(part, [batch, time, 1]), x, tf.zerosLike(x));
}

const asMask = (mask: Mask | tf.Tensor): Mask => (mask instanceof tf.Tensor ? dense(mask) : mask);

function alignmentOf(what: string, options: AttendOptions, isStep: boolean): Alignment {
  checkCausal(`${what}: attend: causal`, options.causal);
  if (options.alignment !== undefined) checkAlignment(`${what}: attend: alignment`, options.alignment);
  const stated = typeof options.causal === 'object' && isStated(options.causal) ? options.causal : undefined;
  if (stated !== undefined && options.alignment !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: attend: both causal and alignment say where query 0 sits`,
      hint: 'write causal: true beside alignment',
    });
  }
  return stated ?? options.alignment ?? (isStep ? { align: 'bottom-right' } : {});
}

const isStated = ({ align, offset }: Alignment): boolean => align !== undefined || offset !== undefined;
