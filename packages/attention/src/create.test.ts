import * as tf from '@tensorflow/tfjs-core';
import type { HeedError } from '@heed/core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, useBackend } from '../test/engine.js';
import { additive, createMechanism, MECHANISM_KINDS, multiHead } from './index.js';

const good = { kind: 'additive', queryWidth: 2, memoryWidth: 3, units: 4, seed: 1 };
const heads = { kind: 'multiHead', queryWidth: 8, memoryWidth: 3, heads: 4, seed: 1 };

describe('createMechanism', () => {
  useBackend(BACKENDS[0]);

  it.each([
    ['UNKNOWN_NAME', { ...good, kind: 'addditive' }],
    ['UNKNOWN_NAME', { ...good, kind: 'constructor' }],
    ['UNKNOWN_NAME', { kind: null }],
    ['CONFIG_INVALID', null],
    ['CONFIG_INVALID', 'additive'],
    ['CONFIG_INVALID', [good]],
    ['CONFIG_INVALID', {}],
    ['CONFIG_INVALID', { ...good, units: 0 }],
    ['CONFIG_INVALID', { ...good, units: 2.5 }],
    ['CONFIG_INVALID', { ...good, units: '4' }],
    ['CONFIG_INVALID', { ...good, units: 1e9 }],
    ['CONFIG_INVALID', { ...good, units: NaN }],
    ['CONFIG_INVALID', { ...good, units: undefined }],
    ['CONFIG_INVALID', { ...good, seed: -1 }],
    ['CONFIG_INVALID', { ...good, seed: 2 ** 53 }],
    ['CONFIG_INVALID', { ...good, bias: 'yes' }],
    ['CONFIG_INVALID', { ...good, unit: 3 }],
    ['CONFIG_INVALID', JSON.parse('{"kind":"dot","width":2,"__proto__":{"x":1}}')],
    ['CONFIG_INVALID', { ...good, name: '' }],
    ['CONFIG_INVALID', { ...good, name: 'a\nb' }],
    ['CONFIG_INVALID', { ...good, queryWidth: 65536, units: 65536 }],
    ['CONFIG_INVALID', { kind: 'dot' }],
    ['CONFIG_INVALID', { kind: 'dot', width: 1e9 }],
    ['CONFIG_INVALID', { kind: 'cosine', width: 2, scale: 'learnt' }],
    ['CONFIG_INVALID', { kind: 'scaledDotProduct', width: 2, scale: Infinity }],
    ['CONFIG_INVALID', { ...heads, heads: 3 }],
    ['CONFIG_INVALID', { ...heads, keyHeads: 3 }],
    ['CONFIG_INVALID', { ...heads, headWidth: 3, rotary: {} }],
    ['CONFIG_INVALID', { ...heads, rotary: { width: 4 } }],
    ['CONFIG_INVALID', { ...heads, rotary: { width: 1 } }],
    ['CONFIG_INVALID', { ...heads, rotary: { layout: 'quarter' } }],
    ['CONFIG_INVALID', { ...heads, alibi: { slopes: [1, 2] } }],
    ['CONFIG_INVALID', { ...heads, relative: { reach: 2 ** 28 } }],
    ['CONFIG_INVALID', { ...heads, softCap: 0 }],
    ['CONFIG_INVALID', { ...good, kind: 'locationSensitive', filterSize: 4 }],
    ['CONFIG_INVALID', { ...good, kind: 'monotonic', mode: 'both' }],
    ['CONFIG_INVALID', { ...good, kind: 'forward', outputWidth: 2 }],
    ['CONFIG_INVALID', { kind: 'localM', queryWidth: 2, memoryWidth: 3, seed: 1, score: 'dot' }],
  ])('%s for %j', (code, config) => {
    const before = tf.memory();
    expect(codeOf(() => createMechanism(config))).toBe(code);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(Object.keys(tf.engine().registeredVariables)).toEqual([]);
  });

  it('names the field that is wrong', () => {
    expect(() => createMechanism({ ...heads, rotary: { width: '4' } })).toThrow(
      /multiHead: rotary.width is '4'. Hint: a whole number/,
    );
    expect(() => additive({ ...good, kind: undefined, units: -1 } as never)).toThrow(
      /units is -1. Hint: a whole number from 1/,
    );
  });

  it('factories refuse the same', () => {
    expect(codeOf(() => multiHead({ ...heads, heads: 3 } as never))).toBe('CONFIG_INVALID');
  });

  it('fills in defaults, and a configuration is rebuilt from its own JSON', () => {
    const mechanism = createMechanism(heads);
    expect(mechanism.config()).toEqual({
      ...heads,
      name: 'multiHead',
      keyHeads: 4,
      headWidth: 2,
      valueWidth: 2,
      outputWidth: 8,
      bias: true,
    });
    mechanism.dispose();
  });

  it('rebuilds every kind from the JSON of its own configuration', () => {
    expect(Object.keys(SMALLEST)).toEqual([...MECHANISM_KINDS]);
    for (const [kind, options] of Object.entries(SMALLEST)) {
      const mechanism = createMechanism({ kind, ...options });
      expect(mechanism.config()).toMatchObject({ kind, name: kind, ...options });
      const again = createMechanism(JSON.parse(JSON.stringify(mechanism.config())));
      expect(again.config()).toEqual(mechanism.config());
      again.dispose();
      mechanism.dispose();
    }
  });

  describe('weights', () => {
    const weights = (): Record<string, tf.Tensor> => ({
      query_kernel: tf.ones([2, 4]),
      memory_kernel: tf.ones([3, 4]),
      vector: tf.ones([4]),
      bias: tf.ones([4]),
    });

    it.each<[string, (w: Record<string, tf.Tensor>) => Record<string, tf.Tensor>]>([
      ['CHECKPOINT_INVALID', (w) => Object.fromEntries(Object.entries(w).slice(1))],
      ['CHECKPOINT_INVALID', (w) => ({ ...w, gain: tf.scalar(1) })],
      ['SHAPE_MISMATCH', (w) => ({ ...w, vector: tf.ones([1, 4]) })],
      ['SHAPE_MISMATCH', (w) => ({ ...w, query_kernel: tf.ones([4, 2]) })],
      ['DTYPE_UNSUPPORTED', (w) => ({ ...w, vector: tf.ones([4], 'int32') })],
      ['NOT_FINITE', (w) => ({ ...w, vector: tf.tensor1d([1, 2, NaN, 4]) })],
      ['NOT_FINITE', (w) => ({ ...w, bias: tf.tensor1d([1, 2, -Infinity, 4]) })],
    ])('%s', (code, change) => {
      const changed = change(weights());
      const before = tf.memory().numTensors;
      expect(codeOf(() => createMechanism(good, changed))).toBe(code);
      expect(tf.memory().numTensors).toBe(before);
      expect(Object.keys(tf.engine().registeredVariables)).toEqual([]);
    });

    it('says where a number is not finite', () => {
      try {
        createMechanism(good, { ...weights(), vector: tf.tensor1d([1, 2, NaN, 4]) });
      } catch (error) {
        expect((error as HeedError).details).toEqual({ key: 'vector', index: 2 });
        return;
      }
      expect.unreachable();
    });
  });
});

const SMALLEST: Record<string, Record<string, number>> = {
  additive: { queryWidth: 1, memoryWidth: 1, units: 1, seed: 0 },
  concat: { queryWidth: 1, memoryWidth: 1, units: 1, seed: 0 },
  cosine: { width: 1 },
  coverage: { queryWidth: 1, memoryWidth: 1, units: 1, seed: 0 },
  differential: { queryWidth: 4, memoryWidth: 3, heads: 2, seed: 1 },
  dot: { width: 1 },
  general: { queryWidth: 1, memoryWidth: 1, seed: 0 },
  latent: { queryWidth: 4, memoryWidth: 3, heads: 2, latentWidth: 3, rotaryWidth: 2, seed: 1 },
  multiHead: { queryWidth: 1, memoryWidth: 1, heads: 1, seed: 0 },
  multiToken: { queryWidth: 4, memoryWidth: 3, heads: 2, seed: 1 },
  scaledDotProduct: { width: 1 },
  twoSimplicial: { queryWidth: 4, memoryWidth: 3, heads: 2, seed: 1 },
  forward: { queryWidth: 1, memoryWidth: 1, units: 1, seed: 0 },
  gmm: { queryWidth: 1, memoryWidth: 1, units: 1, seed: 0 },
  localM: { queryWidth: 1, memoryWidth: 1, seed: 0 },
  localP: { queryWidth: 1, memoryWidth: 1, units: 1, seed: 0 },
  locationSensitive: { queryWidth: 1, memoryWidth: 1, units: 1, seed: 0 },
  mocha: { queryWidth: 1, memoryWidth: 1, units: 1, seed: 0 },
  monotonic: { queryWidth: 1, memoryWidth: 1, units: 1, seed: 0 },
  stepwiseMonotonic: { queryWidth: 1, memoryWidth: 1, units: 1, seed: 0 },
  coverageGru: { queryWidth: 1, memoryWidth: 1, units: 1, seed: 0 },
  coverageLinguistic: { queryWidth: 1, memoryWidth: 1, units: 1, seed: 0 },
  visualSentinel: { queryWidth: 1, memoryWidth: 1, units: 1, seed: 0 },
  linear: { queryWidth: 4, memoryWidth: 3, heads: 2, seed: 1 },
  retention: { queryWidth: 4, memoryWidth: 3, heads: 2, seed: 1 },
  gatedDelta: { queryWidth: 4, memoryWidth: 3, heads: 2, seed: 1 },
};
