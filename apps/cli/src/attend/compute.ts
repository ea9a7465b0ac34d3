import { createMechanism, definitionOf, findDefinition, type MechanismDefinition, type Weights } from '@heed/attention';
import { checkName } from '@heed/base';
import {
  alibi,
  dense,
  dotProductAttention,
  HeedError,
  NORMALIZERS,
  sumOf,
  weightedContext,
  type Bias,
  type Normalizer,
} from '@heed/core';
import { decodeSafetensors } from '@heed/formats';
import * as tf from '@tensorflow/tfjs-core';
import { typed, UsageError } from '../usage-error.js';
import type { AttendFlags } from '../commands/attend-command.js';
import { mechanismOf, type Plan } from './flags.js';
import type { Inputs } from './inputs.js';
import { alignmentOf, axesOf, causalOf, maskOf } from './masks.js';
import type { FloatArray } from './read-array.js';

export type OutputName = 'context' | 'weights' | 'logSumExp';

/** Tensors by name, those that were asked for, with the axes that the inputs had, whose rank is told, and those of the heads. */
export type Outputs = Partial<Record<OutputName, tf.Tensor>> & { readonly rank: number };

export async function compute(
  inputs: Inputs,
  plan: Plan,
  flags: AttendFlags,
  wants: ReadonlySet<OutputName>,
  mechanisms: readonly MechanismDefinition[],
): Promise<Outputs> {
  switch (plan) {
    case 'scores':
      return fromScores(inputs, flags, wants);
    case 'dotProduct':
      return fromDotProduct(inputs, flags, wants, findDefinition(mechanismOf(flags), mechanisms));
    case 'mechanism':
      return fromMechanism(inputs, flags, wants, mechanisms);
  }
}

async function fromScores(inputs: Inputs, flags: AttendFlags, wants: ReadonlySet<OutputName>): Promise<Outputs> {
  refuseLogSumExp(wants, '--scores');
  const [scores, value] = [await inputs.array('scores'), await inputs.array('value')];
  const result = weightedContext(lift('--scores', scores), lift('--value', value), {
    normalizer: normalizerOf(flags),
    ...(await maskingOf(inputs, flags)),
    returnWeights: true,
  });
  return lower(scores.shape.length, result);
}

async function fromDotProduct(
  inputs: Inputs,
  flags: AttendFlags,
  wants: ReadonlySet<OutputName>,
  definition: MechanismDefinition | undefined,
): Promise<Outputs> {
  const { query, key, value } = await readInputs(inputs, flags);
  const rank = query.shape.length;
  const [q, k, v] = [lift('--query', query), lift('--key', key), lift('--value', value)];
  const scale = flags.scale ?? definition?.op?.scale;
  if (flags.normalizer === undefined || flags.normalizer === 'softmax') {
    const result = dotProductAttention(q, k, v, {
      ...(scale !== undefined && { scale }),
      ...(flags.softCap !== undefined && { softCap: flags.softCap }),
      ...(await biasOf(inputs, flags)),
      ...(await maskingOf(inputs, flags)),
      returnWeights: wants.has('weights'),
      returnLogSumExp: wants.has('logSumExp'),
    });
    return lower(rank, result);
  }
  refuseLogSumExp(wants, `--normalizer ${flags.normalizer}`);
  const normalizer = normalizerOf(flags);
  const masking = await maskingOf(inputs, flags);
  const scores = scoresOf(q, k, { scale: scale ?? 1 / Math.sqrt(q.shape[3]), softCap: flags.softCap });
  const result = weightedContext(scores, repeatHeads(v, q.shape[1]), { normalizer, ...masking, returnWeights: true });
  return lower(rank, result);
}

async function fromMechanism(
  inputs: Inputs,
  flags: AttendFlags,
  wants: ReadonlySet<OutputName>,
  mechanisms: readonly MechanismDefinition[],
): Promise<Outputs> {
  const { query, key, value } = await readInputs(inputs, flags);
  for (const [name, { shape }] of Object.entries({ query, key, value })) {
    if (shape.length < 2 || shape.length > 3) throw wrongRank(`--${name}`, shape, '[T, D] or [B, T, D]');
  }
  const definition = definitionOf('attend', { kind: mechanismOf(flags) }, mechanisms);
  const [queryWidth, memoryWidth] = [query.shape.at(-1)!, key.shape.at(-1)!];
  const config = configOf(definition, flags, queryWidth, memoryWidth);
  const mechanism = createMechanism(config, await parametersOf(inputs, flags), { mechanisms });
  const three = ({ shape, data }: FloatArray): tf.Tensor3D =>
    tf.tensor3d(data, [shape.length === 3 ? shape[0] : 1, shape.at(-2)!, shape.at(-1)!]);
  const memory = mechanism.prepare(three(value), { keys: three(key) });
  const { mask, causal, dropout } = await maskingOf(inputs, flags);
  const alignment = alignmentOf(flags);
  const { context, weights, logSumExp } = mechanism.attend(three(query), memory, {
    ...(await biasOf(inputs, flags)),
    ...(mask && { mask }),
    ...(dropout && { dropout }),
    causal,
    ...(Object.keys(alignment).length > 0 && causal === false && { alignment }),
    returnWeights: wants.has('weights'),
    returnLogSumExp: wants.has('logSumExp'),
  });
  const squeeze = (tensor: tf.Tensor | undefined): tf.Tensor | undefined =>
    tensor === undefined || query.shape.length === 3 ? tensor : tf.squeeze(tensor, [0]);
  return {
    rank: query.shape.length,
    context: squeeze(context),
    weights: squeeze(weights),
    logSumExp: squeeze(logSumExp),
  };
}

async function readInputs(inputs: Inputs, flags: AttendFlags): Promise<Record<'query' | 'key' | 'value', FloatArray>> {
  const query = await inputs.array('query');
  const key = flags.key === undefined ? query : await inputs.array('key');
  const value = flags.value === undefined ? key : await inputs.array('value');
  for (const [name, { shape }] of Object.entries({ key, value })) {
    if (shape.length !== query.shape.length) {
      throw new HeedError('SHAPE_MISMATCH', {
        message: `--query has shape [${query.shape}], --${name} has [${shape}]`,
        hint: 'all of them are [T, D], or [B, T, D], or [B, H, T, D]',
        details: { query: query.shape, [name]: shape },
      });
    }
  }
  return { query, key, value };
}

async function maskingOf(inputs: Inputs, flags: AttendFlags) {
  const mask = await maskOf(inputs, flags);
  return {
    ...(mask && { mask }),
    causal: causalOf(flags),
    ...(flags.dropout !== undefined && { dropout: { rate: flags.dropout, seed: flags.seed } }),
  };
}

async function biasOf(inputs: Inputs, flags: AttendFlags): Promise<{ bias?: Bias }> {
  const biases: Bias[] = [];
  if (flags.alibi) biases.push(alibi(alignmentOf(flags)));
  if (flags.bias !== undefined) {
    const { shape, data } = await inputs.array('bias');
    biases.push(dense(tf.tensor(data, shape), axesOf(flags.biasAxes)));
  }
  return biases.length === 0 ? {} : { bias: biases.length === 1 ? biases[0] : sumOf(...biases) };
}

function configOf(
  definition: MechanismDefinition,
  flags: AttendFlags,
  queryWidth: number,
  memoryWidth: number,
): Record<string, unknown> {
  const { seed, scale } = flags;
  const { kind, fit } = definition;
  return {
    ...fit.options({ queryWidth, memoryWidth, seed }),
    ...definition.suggest?.({ width: queryWidth, heads: 1 }),
    ...(scale !== undefined && { scale }),
    ...parseOptions(flags.options),
    kind,
  };
}

function parseOptions(text = '{}'): object {
  let options: unknown;
  try {
    options = JSON.parse(text);
  } catch {
    throw new UsageError('--options is not JSON', `--options '{"units":64}'`);
  }
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options;
  throw new UsageError('--options is not a JSON object', `--options '{"units":64}'`);
}

async function parametersOf(inputs: Inputs, { parameters }: AttendFlags): Promise<Weights | undefined> {
  if (parameters === undefined) return undefined;
  const { tensors } = decodeSafetensors(await inputs.parameters());
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, data }]) => {
      if (dtype !== 'float32') {
        throw new HeedError('DTYPE_UNSUPPORTED', {
          message: `${JSON.stringify(parameters)}: ${name} is ${dtype}, not float32`,
        });
      }
      inputs.saw('parameters', data);
      return [name, tf.tensor(data, [...shape])];
    }),
  );
}

function normalizerOf({ normalizer = 'softmax' }: AttendFlags): Normalizer {
  return typed(() => checkName('normalizer', normalizer, NORMALIZERS));
}

/** [B, Hq, Tq, Tk]; the order of core: scale, then soft cap. */
function scoresOf(
  query: tf.Tensor4D,
  key: tf.Tensor4D,
  { scale, softCap }: { scale: number; softCap: number | undefined },
): tf.Tensor {
  const scores = tf.mul(tf.matMul(query, repeatHeads(key, query.shape[1]), false, true), scale);
  return softCap === undefined ? scores : tf.mul(tf.tanh(tf.div(scores, softCap)), softCap);
}

/** Key heads spread over the query heads that share them, adjacent ones together. */
function repeatHeads(tensor: tf.Tensor4D, heads: number): tf.Tensor4D {
  const [batch, keyHeads, time, width] = tensor.shape;
  if (keyHeads === heads) return tensor;
  if (keyHeads === 0 || heads % keyHeads !== 0) {
    throw new HeedError('SHAPE_MISMATCH', { message: `${keyHeads} key heads don't divide ${heads} query heads` });
  }
  const group = heads / keyHeads;
  const repeated = tf.tile(tf.expandDims(tensor, 2), [1, 1, group, 1, 1]);
  return tf.reshape(repeated, [batch, heads, time, width]);
}

function lift(flag: string, { shape, data }: FloatArray): tf.Tensor4D {
  if (shape.length < 2 || shape.length > 4) throw wrongRank(flag, shape, '[T, D], [B, T, D] or [B, H, T, D]');
  const batch = shape.length > 2 ? shape[0] : 1;
  const heads = shape.length > 3 ? shape[1] : 1;
  return tf.tensor4d(data, [batch, heads, shape.at(-2)!, shape.at(-1)!]);
}

/** Takes away the axes that `lift` put in. */
function lower(rank: number, outputs: Omit<Outputs, 'rank'>): Outputs {
  const axes = rank === 2 ? [0, 1] : rank === 3 ? [1] : [];
  const squeeze = (tensor: tf.Tensor | undefined): tf.Tensor | undefined =>
    tensor === undefined || axes.length === 0 ? tensor : tf.squeeze(tensor, axes);
  return {
    rank,
    context: squeeze(outputs.context),
    weights: squeeze(outputs.weights),
    logSumExp: squeeze(outputs.logSumExp),
  };
}

function refuseLogSumExp(wants: ReadonlySet<OutputName>, flag: string): void {
  if (wants.has('logSumExp')) throw new UsageError(`there is no logSumExp with ${flag}`);
}

const wrongRank = (flag: string, shape: readonly number[], wanted: string): HeedError =>
  new HeedError('SHAPE_MISMATCH', {
    message: `${flag} has shape [${shape}]`,
    hint: `it must be ${wanted}`,
    details: { shape },
  });
