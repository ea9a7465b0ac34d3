import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ComposedForm, Tensors } from '../define.js';
import { readAll, readAllBackward } from './bidirectional.js';
import { chunkBackward, passChunk, readChunk, type Chunk, type ChunkGradients } from './chunk.js';
import { columnsOf, layIn, layOut, stateOf, stateParts, type Laid } from './layout.js';
import { divide, divideBackward } from './normalizer.js';
import type { LinearAttentionRequest, LinearTypes } from './spec.js';

/**
 * `linearAttention` as TensorFlow.js ops: chunks of steps one after the other, parallel within a chunk. The backward pass keeps the state
 * before each chunk and computes everything else of it again, so nothing grows with T² and no state is held for each step.
 */
export const composedLinear: ComposedForm<LinearTypes> = {
  forward(inputs, request) {
    const laid = layIn(inputs, request);
    const { context, state } = request.bidirectional ? readAll(laid, request) : inChunks(laid, request);
    return { context: layOut.context(context, laid, request), ...stateParts(state, request) };
  },

  backward(inputs, request) {
    const laid = layIn(inputs, request);
    const dContext = layIn.cotangent(inputs.dContext, laid, request);
    const dState = stateOf(inputs.dState, inputs.dNormalizer, request);
    const back = request.bidirectional ? readAllBackward : inChunksBackward;
    const { gradients, dInitial } = back(laid, request, dContext, dState);
    return { ...layOut.gradients(gradients, laid, request), ...initialGradients(dInitial, request) };
  },
};

// Steps of a chunk: a longer one loses more to rounding in its sums. With the delta rule it is a larger system, which loses more still;
// and where each key dimension has a decay of its own, there are C² factors for each of them.
const STEPS = 32;
const STEPS_OF_SYSTEMS = 16;

function chunksOf(request: LinearAttentionRequest): readonly [start: number, size: number][] {
  const { logDecay, beta, keys } = request;
  if (columnsOf(request) === 0) return [];
  const size = beta !== null || (logDecay?.[3] ?? 1) > 1 ? STEPS_OF_SYSTEMS : STEPS;
  return Array.from({ length: Math.ceil(keys / size) }, (_, n) => [n * size, Math.min(size, keys - n * size)]);
}

/** The steps of a chunk. */
function chunkAt({ query, key, value, logDecay, beta }: Laid, [start, size]: readonly [number, number]): Chunk {
  const part = (x: Tensor): Tensor => tf.slice(x, [0, start, 0], [x.shape[0], size, x.shape[2]!]);
  const [rows, groups, , width] = query.shape as [number, number, number, number];
  return {
    query: tf.slice(query, [0, 0, start, 0], [rows, groups, size, width]),
    key: part(key),
    value: part(value),
    ...(logDecay && { logDecay: part(logDecay) }),
    ...(beta && { beta: part(beta) }),
  };
}

function inChunks(laid: Laid, request: LinearAttentionRequest): { context: Tensor; state: Tensor } {
  let state = tf.clone(laid.initial);
  const contexts = chunksOf(request).map((place) => {
    const [context, next] = tf.tidy((): [Tensor, Tensor] => {
      const read = readChunk(chunkAt(laid, place), state);
      return [divide(read.context, request), read.next];
    });
    state.dispose();
    state = next;
    return context;
  });
  return { context: joined(contexts, 2, laid.query, request.valueWidth), state };
}

function inChunksBackward(
  laid: Laid,
  request: LinearAttentionRequest,
  dContext: Tensor,
  dLast: Tensor,
): { gradients: ChunkGradients; dInitial: Tensor } {
  const chunks = chunksOf(request);
  const states: Tensor[] = [laid.initial];
  for (const place of chunks.slice(0, -1)) {
    states.push(tf.tidy(() => passChunk(chunkAt(laid, place), states.at(-1)!)));
  }
  let dState = dLast;
  const found: ChunkGradients[] = [];
  for (const [n, place] of [...chunks.entries()].toReversed()) {
    const [start, size] = place;
    const back = tf.tidy(() => {
      const chunk = chunkAt(laid, place);
      const [rows, groups, , width] = dContext.shape as [number, number, number, number];
      const d = tf.slice(dContext, [0, 0, start, 0], [rows, groups, size, width]);
      const dRead = request.normalize ? divideBackward(readChunk(chunk, states[n]).context, d, request) : d;
      return chunkBackward(chunk, states[n], dRead, dState);
    });
    tf.dispose([dState, n === 0 ? [] : states[n]]);
    dState = back.dState;
    found.unshift(back.gradients);
  }
  const all = (name: keyof Chunk): Tensor | undefined => {
    const like = laid[name];
    const axis = name === 'query' ? 2 : 1;
    return (
      like &&
      joined(
        found.map((gradients) => gradients[name]!),
        axis,
        like,
        like.shape.at(-1)!,
      )
    );
  };
  const [logDecay, beta] = [all('logDecay'), all('beta')];
  return {
    gradients: {
      query: all('query')!,
      key: all('key')!,
      value: all('value')!,
      ...(logDecay && { logDecay }),
      ...(beta && { beta }),
    },
    dInitial: dState,
  };
}

/** Parts along the axis of steps; without any, nothing of that width. */
function joined(parts: readonly Tensor[], axis: number, { shape }: Tensor, width: number): Tensor {
  return parts.length === 0 ? tf.zeros([...shape.slice(0, -1), width]) : tf.concat([...parts], axis);
}

function initialGradients(dInitial: Tensor, request: LinearAttentionRequest) {
  if (!request.initialState) return {};
  const { state, normalizer } = stateParts(dInitial, { ...request, returnState: true }) as Tensors<{
    state: Tensor;
    normalizer?: Tensor;
  }>;
  return { dInitialState: state, ...(normalizer && { dInitialNormalizer: normalizer }) };
}
