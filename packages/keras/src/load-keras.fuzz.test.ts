import '@tensorflow/tfjs';
import { HeedError } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { strFromU8, strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { LAYERS } from '../../../examples/keras/layers.js';
import { bytesOf } from '../test/vectors.js';
import { loadKeras } from './load-keras.js';
import type { KerasSource } from './files/read-model.js';
import { cpuTime } from '../../base/test/cpu-time.js';

const MOST_BYTES = 2 ** 24;
const MOST_MS = 5000;

/** Loads what was changed: a model or a coded error, soon, and without tensors left. */
function survives(source: KerasSource): void {
  const tensors = tf.memory().numTensors;
  const load = (): void => {
    try {
      loadKeras(source, { layers: LAYERS, maxBytes: MOST_BYTES }).dispose();
    } catch (error) {
      if (!HeedError.isInstance(error)) throw error;
    }
  };
  expect(cpuTime(load)).toBeLessThan(MOST_MS);
  expect(tf.memory().numTensors).toBe(tensors);
}

/** Numbers that lengths and addresses are often wrong with. */
const ODD = [0n, 1n, 7n, 0xffn, 0xffffn, 2n ** 31n - 1n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

const change = fc.oneof(
  fc.record({ kind: fc.constant('byte' as const), at: fc.nat(), value: fc.nat(255) }),
  fc.record({ kind: fc.constant('word' as const), at: fc.nat(), value: fc.constantFrom(...ODD) }),
  // An address of another place in the file.
  fc.record({ kind: fc.constant('word' as const), at: fc.nat(), value: fc.bigInt(0n, 200_000n) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), value: fc.constant(0) }),
  fc.record({ kind: fc.constant('copy' as const), at: fc.nat(), value: fc.nat() }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** Bytes with changes, all of them among the first `within`. */
function changed(bytes: Uint8Array, changes: readonly Change[], within = bytes.length): Uint8Array {
  return changes.reduce((before, { kind, at, value }) => {
    if (before.length < 8) return before;
    const after = before.slice();
    const place = (at % within) % (before.length - 7);
    if (kind === 'byte') after[place] = value;
    else if (kind === 'word') new DataView(after.buffer).setBigUint64(place, value, true);
    else if (kind === 'copy') after.copyWithin(place, value % before.length, (value % before.length) + 64);
    else return after.subarray(0, place);
    return after;
  }, bytes);
}

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const check = <T>(arbitrary: fc.Arbitrary<T>, body: (given: T) => void): void =>
  fc.assert(fc.property(arbitrary, body), { numRuns: RUNS });

/** A model of convolution and attention, one with models in it and shared layers, one with masks that are ops, one of custom layers. */
const FOLDERS = ['models/vit', 'models/nested_gru_mha', 'models/transformer_encoder', 'models/custom_block'];

describe.each(FOLDERS)('files of %s, changed, are a model or a coded error', (folder) => {
  const config = strFromU8(bytesOf(`${folder}/model.json`));

  it.each(['model.keras', 'model.h5'])('%s', (name) => {
    const bytes = bytesOf(`${folder}/${name}`);
    check(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => survives(changed(bytes, changes)));
  });

  it('model.weights.h5 in its first bytes, where its structure lies', () => {
    const bytes = bytesOf(`${folder}/model.weights.h5`);
    const early = fc.array(change, { minLength: 1, maxLength: 3 });
    check(early, (changes) =>
      survives({ 'model.json': strToU8(config), 'model.weights.h5': changed(bytes, changes, 4096) }),
    );
  });

  it('model.json, value by value', () => {
    const weights = bytesOf(`${folder}/model.weights.h5`);
    const value = /"[^"]*"(?!\s*:)|-?\d+(\.\d+)?|true|false|null/g;
    const places = config.match(value)!.length;
    const values = fc.constantFrom(
      'null',
      '-1',
      '0',
      '1e9',
      '1e308',
      '"x"',
      '[]',
      '{}',
      '[[[[]]]]',
      'true',
      '3.5',
      '"__proto__"',
    );
    check(fc.array(fc.tuple(fc.nat(places - 1), values), { minLength: 1, maxLength: 3 }), (changes) => {
      let place = -1;
      const text = config.replaceAll(value, (whole) => {
        place++;
        return changes.find(([at]) => at === place)?.[1] ?? whole;
      });
      survives({ 'model.json': strToU8(text), 'model.weights.h5': weights });
    });
  });
});
