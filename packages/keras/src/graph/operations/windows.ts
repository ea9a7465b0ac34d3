import { HeedError } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { asImages } from '../../standard/as-images.js';
import { convolve, convolveDepthwise } from '../../standard/convolution/convolve.js';
import { placementOf, spacingOf } from '../../standard/convolution/placement.js';
import type { Placement } from '../../standard/convolution/windows.js';
import { LayerConfig } from '../../standard/layer-config.js';
import { LARGEST, MEAN, ofWindows, type Pool } from '../../standard/pooling.js';
import { floats, tensor } from '../operation-arguments.js';
import type { Operation, Operations } from './operation.js';

/** Numbers of axes of space: lines [B, T, C] and images [B, H, W, C]. */
function axesOfSpace(operation: string, { rank, shape }: Tensor): 1 | 2 {
  if (rank === 3 || rank === 4) return (rank - 2) as 1 | 2;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `the op ${operation} has a tensor of shape [${shape}]`,
    hint: 'lines [B, T, C] and images [B, H, W, C] are supported',
    details: { operation, shape },
  });
}

/** What the layer of this name does without its weights. */
const pool = (name: string, kind: Pool): Operation => ({
  names: ['inputs', 'poolSize', 'strides', 'padding', 'dataFormat'],
  run({ inputs, poolSize, strides, padding, dataFormat }) {
    const x = floats(tensor(inputs));
    const values = { pool_size: poolSize, strides, padding, data_format: dataFormat };
    return ofWindows(kind, axesOfSpace(name, x))(new LayerConfig(name, values)).run(x, {});
  },
});

type Convolve = (images: Tensor4D, kernel: Tensor4D, placement: Placement) => Tensor;

const convolution = (name: string, run: Convolve): Operation => ({
  names: ['inputs', 'kernel', 'strides', 'padding', 'dataFormat', 'dilationRate'],
  run({ inputs, kernel, strides, padding, dataFormat, dilationRate }) {
    const [x, filter] = [inputs, kernel].map((one) => floats(tensor(one))) as [Tensor, Tensor];
    const axes = axesOfSpace(name, x);
    const config = new LayerConfig(name, {
      kernel_size: filter.shape.slice(0, axes),
      strides,
      padding,
      dilation_rate: dilationRate,
      data_format: dataFormat,
    });
    const onImages = (axes === 1 ? tf.expandDims(filter, 0) : filter) as Tensor4D;
    return asImages(x, config, (images) =>
      run(images, onImages, placementOf(spacingOf(config, axes), images.shape.slice(3 - axes, 3))),
    );
  },
});

/** Squares of `size` by `size` places as channels, or back. */
const blocks = (run: (x: Tensor, size: number) => Tensor): Operation => ({
  names: ['x', 'blockSize'],
  fixed: { dataFormat: 'channels_last' },
  run: ({ x, blockSize }) => run(tensor(x), Number(blockSize)),
});

/** Ops over windows of lines and images. */
export const windows: Operations = {
  MaxPool: pool('MaxPool', LARGEST),
  AveragePool: pool('AveragePool', MEAN),
  Conv: convolution('Conv', (images, kernel, placement) =>
    convolve(images, kernel, placement, images.shape[3] / kernel.shape[2]),
  ),
  DepthwiseConv: convolution('DepthwiseConv', convolveDepthwise),
  DepthToSpace: blocks((x, size) => {
    const [batch, rows, columns, channels] = x.shape as [number, number, number, number];
    const parts = tf.reshape(x, [batch, rows, columns, size, size, channels / size ** 2]);
    return tf.reshape(tf.transpose(parts, [0, 1, 3, 2, 4, 5]), [batch, rows * size, columns * size, -1]);
  }),
  SpaceToDepth: blocks((x, size) => {
    const [batch, rows, columns, channels] = x.shape as [number, number, number, number];
    const parts = tf.reshape(x, [batch, rows / size, size, columns / size, size, channels]);
    return tf.reshape(tf.transpose(parts, [0, 1, 3, 2, 4, 5]), [batch, rows / size, columns / size, -1]);
  }),
  RGBToGrayscale: {
    names: ['images'],
    fixed: { dataFormat: 'channels_last' },
    run: ({ images }) => tf.sum(tf.mul(floats(tensor(images)), tf.tensor1d([0.2989, 0.587, 0.114])), -1, true),
  },
};
