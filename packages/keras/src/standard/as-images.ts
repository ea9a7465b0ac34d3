import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { LayerConfig } from './layer-config.js';

/** What is done to images [B, H, W, C]. */
export type OnImages = (images: Tensor4D) => Tensor;

/**
 * Does to sequences and images what is written for images with their channels last: a sequence [B, T, C] is an image one high; what has its channels first is
 * turned around, and back.
 */
export function asImages(x: Tensor, config: LayerConfig, change: OnImages): Tensor {
  const isFirst = config.has('data_format') && config.channelsFirst;
  if (isFirst) {
    const toLast = [0, ...x.shape.map((_, n) => n).slice(2), 1];
    const toFirst = [0, x.rank - 1, ...x.shape.map((_, n) => n).slice(1, -1)];
    return tf.transpose(onImages(tf.transpose(x, toLast), change), toFirst);
  }
  return onImages(x, change);
}

const onImages = (x: Tensor, change: OnImages): Tensor =>
  x.rank === 3 ? tf.squeeze(change(tf.expandDims(x, 1) as Tensor4D), [1]) : change(x as Tensor4D);
