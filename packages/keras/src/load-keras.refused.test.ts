import '@tensorflow/tfjs';
import { HeedError } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeHdf5, type Hdf5Content, type WrittenDataset } from './files/hdf5/write-hdf5.js';
import { loadKeras } from './load-keras.js';

type Layer = Readonly<Record<string, unknown>>;

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const dense = { module: 'keras.layers', class_name: 'Dense', config: { name: 'out', units: 2 }, registered_name: null };

const sequential = (...layers: readonly Layer[]): object => ({
  module: 'keras',
  class_name: 'Sequential',
  config: {
    name: 'm',
    layers: [
      {
        module: 'keras.layers',
        class_name: 'InputLayer',
        config: { name: 'x', batch_shape: [null, 3], dtype: 'float32' },
      },
      ...layers,
    ],
  },
});

const zeros = (...shape: number[]): WrittenDataset => ({
  shape,
  values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

/** A `.keras` file of a model, with weights of a first layer that is dense. */
function keras(
  model: object,
  vars: Readonly<Record<string, WrittenDataset>> = { 0: zeros(3, 2), 1: zeros(2) },
): Uint8Array {
  const group = (name: string, inner: Hdf5Content): Hdf5Content => ({ groups: { [name]: inner }, datasets: {} });
  const weights = group('layers', group('dense', group('vars', { groups: {}, datasets: vars })));
  return zipSync({ 'config.json': json(model), 'model.weights.h5': writeHdf5(weights) });
}

describe('loadKeras refuses', () => {
  beforeAll(() => tf.setBackend('cpu'));

  const lambda = {
    module: 'keras.layers',
    class_name: 'Lambda',
    config: { name: 'code', function: { class_name: '__lambda__', config: { code: '4wEAAAA=' } } },
  };
  const stranger = { module: 'theirs', class_name: 'Gate', config: { name: 'gate' }, registered_name: 'theirs>Gate' };
  const deep = `{"class_name":"Sequential","config":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;

  it.each<[what: string, source: Uint8Array, code: string, message: RegExp]>([
    ['code in a Lambda', keras(sequential(lambda)), 'CONFIG_INVALID', /layer code is a Lambda/],
    [
      'an unknown layer, and says how to give it',
      keras(sequential(stranger)),
      'UNKNOWN_NAME',
      /layer gate is a theirs>Gate.*layers: \{ "theirs>Gate": Gate \}/s,
    ],
    [
      'a missing weight',
      keras(sequential(dense), { 0: zeros(3, 2) }),
      'FILE_INVALID',
      /layer out.*layers\/dense\/vars\/1/,
    ],
    [
      'a weight too many',
      keras(sequential(dense), { 0: zeros(3, 2), 1: zeros(2), 2: zeros(1) }),
      'FILE_INVALID',
      /layer out.*layers\/dense\/vars\/2/,
    ],
    [
      'a weight of another shape',
      keras(sequential(dense), { 0: zeros(2, 3), 1: zeros(2) }),
      'FILE_INVALID',
      /layer out: dataset layers\/dense\/vars\/0 is \[2,3\]/,
    ],
    [
      'a configuration that asks for more weights than there are',
      keras(sequential({ ...dense, config: { name: 'out', units: 2 ** 31 } })),
      'FILE_INVALID',
      /layer out.*more than the file has numbers for/,
    ],
    [
      'JSON that is too deep',
      zipSync({ 'config.json': new TextEncoder().encode(deep) }),
      'FILE_INVALID',
      /nested more than/,
    ],
    [
      'a subclassed model',
      keras({ module: 'theirs', class_name: 'Mine', config: {} }),
      'FILE_INVALID',
      /a Mine, a subclass/,
    ],
    [
      'a file of something else',
      new TextEncoder().encode('hello'),
      'FILE_INVALID',
      /neither a zip archive nor HDF5 nor JSON/,
    ],
  ])('%s', (_, source, code, message) => {
    const before = tf.memory().numTensors;
    let error: unknown;
    try {
      loadKeras(source);
    } catch (thrown) {
      error = thrown;
    }
    expect(HeedError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(tf.memory().numTensors).toBe(before);
  });
});
