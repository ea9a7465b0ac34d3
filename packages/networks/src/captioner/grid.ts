import * as tf from '@tensorflow/tfjs-core';
import { uniform } from '@heed/base';
import { conv2d } from '@heed/core/model-ops';
import type { KernelInitializer } from '@heed/attention';
import {
  addBias,
  createLayerNorm,
  encodeByBlocks,
  rectifiedLayer,
  toRows,
  toSequences,
  type Dropout,
  type Encoded,
  type Parameters,
  type TransformerBlock,
} from '@heed/nn';
import { createAttention, createFeedForward } from '../transformer/blocks.js';
import { channelsSeen, strideOf, type CaptionerConfig, type ConvolutionalGrid, type PatchGrid } from './config.js';

/** What makes a grid of vectors of pictures. Axis letters: F frames; P places, frame by frame and row by row; M width. */
export interface GridEncoder {
  /** Places of a side. */
  readonly side: number;
  /** P, of all frames. */
  readonly places: number;
  /** Pictures [B·F, S, S, C] → memory [B, P, M], and its mean as the last state. */
  encode(pictures: tf.Tensor4D, dropout?: Dropout): Encoded;
}

/** Side of a convolution's filters. */
export const FILTER = 3;

/** Makes rows of the places, [B·P, M], of pictures. */
type Features = (pictures: tf.Tensor4D, dropout?: Dropout) => tf.Tensor2D;

/** Vectors for where places are, [P, M]. */
type Positions = () => tf.Tensor2D;

/**
 * Features of each place, learnt vectors for where it is and in which frame, and a norm.
 *
 * @see Xu et al. 2015, arXiv:1502.03044, §3.1.1, whose grid comes from a pretrained network; Dosovitskiy et al. 2021, arXiv:2010.11929, §3.1, for
 *   patches and learnt positions
 */
export function createGridEncoder(config: CaptionerConfig, parameters: Parameters): GridEncoder {
  const { encoder, size, width, frames = 1 } = config;
  const side = size / strideOf(encoder);
  const positions = createPositions(parameters, { side, frames, width });
  const features =
    encoder.kind === 'patches'
      ? patches(config, encoder, positions, parameters)
      : convolutions(config, encoder, positions, parameters);
  const norm = createLayerNorm(parameters, 'encoder/norm', width);
  return {
    side,
    places: frames * side ** 2,
    encode(pictures, dropout) {
      const batch = pictures.shape[0] / frames;
      const memory = toSequences(norm(features(pictures, dropout)), batch);
      return { memory, last: { forward: tf.mean(memory, 1) } };
    },
  };
}

/** A vector for each place of a grid, and in a film one for each frame, which are added. */
function createPositions(
  parameters: Parameters,
  { side, frames, width }: { readonly side: number; readonly frames: number; readonly width: number },
): Positions {
  const places = parameters.kernel('encoder/positions', [side * side, width]);
  if (frames === 1) return () => places;
  const times = parameters.kernel('encoder/frames', [frames, width]);
  return () =>
    tf.reshape(tf.add(tf.reshape(times, [frames, 1, width]), places), [frames * side * side, width]) as tf.Tensor2D;
}

function convolutions(
  config: CaptionerConfig,
  encoder: ConvolutionalGrid,
  positions: Positions,
  parameters: Parameters,
): Features {
  const { width } = config;
  const channels = channelsSeen(config);
  const { filters } = encoder;
  const layers = filters.map((count, n) =>
    createConvolution(parameters, `encoder/${n}`, { size: FILTER, channels: filters[n - 1] ?? channels, count }),
  );
  const last = filters.at(-1)!;
  const kernel = parameters.kernel('encoder/kernel', [last, width]);
  const bias = parameters.bias('encoder/bias', new Float32Array(width));
  return (pictures) => {
    const maps = layers.reduce((x, { filter, bias: own }) => {
      const y = conv2d(x, filter(), { strides: 2, padding: 'same' });
      return tf.reshape(rectifiedLayer(rowsOf(y), own), y.shape);
    }, pictures);
    return addPositions(addBias(tf.matMul(rowsOf(maps), kernel), bias), positions());
  };
}

function patches(
  config: CaptionerConfig,
  { patch, layers, heads, feedForwardWidth }: PatchGrid,
  positions: Positions,
  parameters: Parameters,
): Features {
  const { width, frames = 1 } = config;
  const channels = channelsSeen(config);
  const embedding = createConvolution(parameters, 'encoder/patches', { size: patch, channels, count: width });
  const blocks = Array.from({ length: layers }, (_, n): TransformerBlock => {
    const key = `encoder/${n}`;
    return {
      attention: createAttention(parameters, `${key}/attention`, { width, heads }, false),
      feedForward: createFeedForward(parameters, `${key}/feed_forward`, { width, feedForwardWidth }),
    };
  });
  return (pictures, dropout) => {
    const y = conv2d(pictures, embedding.filter(), { strides: patch });
    const x = addPositions(addBias(rowsOf(y), embedding.bias), positions());
    const batch = pictures.shape[0] / frames;
    return encodeByBlocks(blocks, dropout ? dropout(x, 'encoder') : x, { batch, dropout }).output;
  };
}

/** Filters [size, size, channels, count] and biases. */
function createConvolution(
  parameters: Parameters,
  key: string,
  { size, channels, count }: { readonly size: number; readonly channels: number; readonly count: number },
): { readonly filter: () => tf.Tensor4D; readonly bias: tf.Tensor1D } {
  const kernel = parameters.kernel(`${key}/kernel`, [size * size * channels, count], heUniform);
  const bias = parameters.bias(`${key}/bias`, new Float32Array(count));
  return { filter: () => tf.reshape(kernel, [size, size, channels, count]), bias };
}

/** Variance 2 / inputs, which keeps that of rectified layers. @see He et al. 2015, arXiv:1502.01852, eq. 10 */
const heUniform: KernelInitializer = ([inputs, outputs], { seed, stream }) => {
  const random = uniform({ stream: 'models', seed, name: stream });
  const limit = Math.sqrt(6 / inputs);
  return Float32Array.from({ length: inputs * outputs }, () => (2 * random() - 1) * limit);
};

/** [B, P, Q, O] → [B·P·Q, O] */
const rowsOf = (x: tf.Tensor4D): tf.Tensor2D => tf.reshape(x, [x.size / x.shape[3], x.shape[3]]);

const addPositions = (rows: tf.Tensor2D, positions: tf.Tensor2D): tf.Tensor2D =>
  toRows(tf.add(toSequences(rows, rows.shape[0] / positions.shape[0]), positions));
