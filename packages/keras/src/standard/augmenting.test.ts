import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import type { KerasLayer } from '../layers/keras-layer.js';
import type { Json } from '../files/read-json.js';
import { STANDARD_LAYERS } from './index.js';

beforeAll(() => tf.setBackend('cpu'));

const make = (className: string, config: Json): KerasLayer =>
  STANDARD_LAYERS[className]!({ name: 'one', ...config }, () => {
    throw new Error('it has no layer within');
  }) as KerasLayer;

it('images pass by layers that change them at random, and no training learns from what they would have changed', () => {
  tf.tidy(() => {
    const images = tf.randomUniform([2, 4, 4, 3], 0, 1, 'float32', 1);
    const flip = make('RandomFlip', { mode: 'horizontal' });
    expect((flip.apply(images) as tf.Tensor).dataSync()).toEqual(images.dataSync());
    expect(() => flip.apply(images, { training: true })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('RandomFlip') }),
    );
  });
});

it('AlphaDropout keeps the mean and the variance of normal numbers', () => {
  tf.tidy(() => {
    const x = tf.randomNormal([200, 200], 0, 1, 'float32', 1);
    const y = make('AlphaDropout', { rate: 0.3 }).apply(x, { training: true }) as tf.Tensor;
    const { mean, variance } = tf.moments(y);
    expect(mean.dataSync()[0]).toBeCloseTo(0, 1);
    expect(variance.dataSync()[0]).toBeCloseTo(1, 1);
    expect(y.dataSync()).not.toEqual(x.dataSync());
  });
});

it('CenterCrop refuses images that are smaller than what it is to leave', () => {
  const crop = make('CenterCrop', { height: 5, width: 2 });
  expect(() => crop.apply(tf.zeros([1, 4, 4, 1]))).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});
