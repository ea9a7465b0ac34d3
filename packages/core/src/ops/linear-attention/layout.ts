import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { select, sumTo } from '../../composed/shared.js';
import type { Tensors } from '../define.js';
import type { Chunk, ChunkGradients } from './chunk.js';
import type { LinearAttentionRequest, LinearGradients, LinearInputs } from './spec.js';

/**
 * The inputs as chunks take them: batch and key heads in one axis M, query heads in groups G, the scale in the query, ones beside the
 * values where contexts are normalised, so that the normaliser is a column of the state, and zeros past each row's length.
 */
export interface Laid extends Chunk {
  /** [M, D, Dv (+ 1)] */
  readonly initial: Tensor;
  /** Steps, or keys, within each row's length: [B, 1, Tk, 1]; absent when all are. */
  readonly open?: Tensor;
}

type Request = LinearAttentionRequest;

/** Columns of the laid state. Without any there is nothing to compute, and no engine promises products of empty operands. */
export const columnsOf = ({ valueWidth, normalize }: Request): number => valueWidth + Number(normalize);

export function layIn(inputs: Tensors<LinearInputs>, request: Request): Laid {
  const { batch, keyHeads, keys, bidirectional } = request;
  const open = request.lengths === null ? undefined : openOf(request.lengths, keys);
  const steps = (x: Tensor): Tensor => {
    const [b, h, t, width] = x.shape as [number, number, number, number];
    const full = b === batch && h === keyHeads && t === keys ? x : tf.broadcastTo(x, [batch, keyHeads, keys, width]);
    return tf.reshape(within(full, open), [batch * keyHeads, keys, width]);
  };
  const { query, key, value, logDecay, beta } = inputs;
  const scaled = tf.mul(query, request.scale);
  return {
    query: tf.reshape(bidirectional ? scaled : within(scaled, open), queryShape(request, request.width)),
    key: steps(key),
    value: steps(request.normalize ? tf.concat([value, tf.ones([...value.shape.slice(0, -1), 1])], 3) : value),
    ...(logDecay && { logDecay: steps(logDecay) }),
    ...(beta && { beta: steps(tf.expandDims(beta, 3)) }),
    initial: stateOf(inputs.initialState, inputs.initialNormalizer, request),
    ...(open && { open }),
  };
}

/** The gradient of the contexts, in groups, 0 where contexts are. */
layIn.cotangent = (dContext: Tensor, { open }: Laid, request: Request): Tensor =>
  tf.reshape(request.bidirectional ? dContext : within(dContext, open), queryShape(request, request.valueWidth));

/** Back to the shapes that callers see. */
export const layOut = {
  context(context: Tensor, { open }: Laid, request: Request): Tensor {
    const { batch, heads, queries, valueWidth } = request;
    const whole = tf.reshape(context, [batch, heads, queries, valueWidth]);
    return request.bidirectional ? whole : within(whole, open);
  },

  gradients(
    gradients: ChunkGradients,
    { open }: Laid,
    request: Request,
  ): Omit<Tensors<LinearGradients>, 'dInitialState' | 'dInitialNormalizer'> {
    const { batch, heads, keyHeads, queries, keys, width, valueWidth, scale } = request;
    const steps = (x: Tensor): Tensor => within(tf.reshape(x, [batch, keyHeads, keys, x.shape[2]!]), open);
    const { query, key, value, logDecay, beta } = gradients;
    const dQuery = tf.mul(tf.reshape(query, [batch, heads, queries, width]), scale);
    const dValue = steps(value);
    return {
      dQuery: request.bidirectional ? dQuery : within(dQuery, open),
      dKey: steps(key),
      dValue: request.normalize ? tf.slice(dValue, [0, 0, 0, 0], [batch, keyHeads, keys, valueWidth]) : dValue,
      ...(logDecay && { dLogDecay: sumTo(steps(logDecay), request.logDecay!) }),
      ...(beta && { dBeta: sumTo(tf.squeeze(steps(beta), [3]), request.beta!) }),
    };
  },
};

/** State and normaliser side by side, [M, D, Dv (+ 1)]; zeros for what isn't given. */
export function stateOf(state: Tensor | undefined, normalizer: Tensor | undefined, request: Request): Tensor {
  const { batch, keyHeads, width, valueWidth, normalize } = request;
  const rows = batch * keyHeads;
  const main = state === undefined ? tf.zeros([rows, width, valueWidth]) : tf.reshape(state, [rows, width, valueWidth]);
  if (!normalize) return main;
  const beside = normalizer === undefined ? tf.zeros([rows, width, 1]) : tf.reshape(normalizer, [rows, width, 1]);
  return tf.concat([main, beside], 2);
}

/** The two again, as far as they are asked for. */
export function stateParts(state: Tensor, request: Request): { state?: Tensor; normalizer?: Tensor } {
  const { batch, keyHeads, width, valueWidth, normalize, returnState } = request;
  if (!returnState) return {};
  const rows = batch * keyHeads;
  const main = normalize ? tf.slice(state, [0, 0, 0], [rows, width, valueWidth]) : state;
  const shaped = { state: tf.reshape(main, [batch, keyHeads, width, valueWidth]) };
  if (!normalize) return shaped;
  const normalizer = tf.reshape(tf.slice(state, [0, 0, valueWidth], [rows, width, 1]), [batch, keyHeads, width]);
  return { ...shaped, normalizer };
}

const queryShape = ({ batch, heads, keyHeads, queries }: Request, width: number): number[] => [
  batch * keyHeads,
  heads / keyHeads,
  queries,
  width,
];

/** Zeros past each row's length, whatever is there. */
const within = (x: Tensor, open: Tensor | undefined): Tensor => (open === undefined ? x : select(open, x, 0));

function openOf(lengths: Int32Array, keys: number): Tensor {
  const bounds = tf.tensor(lengths, [lengths.length, 1, 1, 1], 'int32');
  return tf.less(tf.reshape(tf.range(0, keys, 1, 'int32'), [1, 1, keys, 1]), bounds);
}
