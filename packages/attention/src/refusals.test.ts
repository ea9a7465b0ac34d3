import * as tf from '@tensorflow/tfjs-core';
import { causal, dense } from '@heed/core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, random, useBackend, values } from '../test/engine.js';
import {
  additive,
  createMechanism,
  dot,
  multiHead,
  rotary,
  selfAttend,
  sinusoidal,
  type AttentionMechanism,
} from './index.js';

useBackend(BACKENDS[1]);

const additiveOf = (): AttentionMechanism => additive({ queryWidth: 4, memoryWidth: 4, units: 3, seed: 1 });
const x = random<tf.Rank.R3>([2, 3, 4]);

const errorOf = (call: () => unknown): { code?: string; hint?: string; message: string } => {
  try {
    call();
  } catch (error) {
    return error as { code?: string; hint?: string; message: string };
  }
  throw new Error('nothing was thrown');
};

describe('options that a mechanism does not have', () => {
  const mechanism = additiveOf();
  const memory = mechanism.prepare(x);

  it.each<[string, () => unknown, string]>([
    ['prepare(x, { length })', () => mechanism.prepare(x, { length: [3, 2] } as object), 'lengths'],
    ['attend(…, { isCausal: true })', () => mechanism.attend(x, memory, { isCausal: true } as object), 'causal'],
    [
      'attend(…, { returnsWeights })',
      () => mechanism.attend(x, memory, { returnsWeights: true } as object),
      'returnWeights',
    ],
    ['append(x, { key })', () => mechanism.prepare(x).append(x, { key: x } as object), 'keys'],
    ['selfAttend(…, { length })', () => selfAttend(mechanism, x, { length: [3, 2] } as object), 'lengths'],
    ['causal: { offest }', () => mechanism.attend(x, memory, { causal: { offest: 1 } as object }), 'offset'],
    ['alignment: { offest }', () => mechanism.attend(x, memory, { alignment: { offest: 1 } as object }), 'offset'],
    ['rotary(x, { ofset })', () => rotary(tf.zeros([1, 1, 2, 4]), { ofset: 1 } as object), 'offset'],
    ['rotary tables', () => rotary(tf.zeros([1, 1, 2, 4]), { tables: { cosine: x } } as never), 'cos'],
  ])('%s', (_, call, meant) => {
    const error = errorOf(call);
    expect(error.code).toBe('UNKNOWN_OPTION');
    expect(error.hint).toContain(`did you mean '${meant}'?`);
  });

  it.each<[string, () => unknown]>([
    ['prepare(x, null)', () => mechanism.prepare(x, null as never)],
    ['prepare(x, { mask: null })', () => mechanism.prepare(x, { mask: null as never })],
    ['prepare(x, { lengths: 0 })', () => mechanism.prepare(x, { lengths: 0 as never })],
    ['attend(…, { causal: 0 })', () => mechanism.attend(x, memory, { causal: 0 as never })],
    ["attend(…, { causal: '' })", () => mechanism.attend(x, memory, { causal: '' as never })],
    ['attend(…, { mask: 0 })', () => mechanism.attend(x, memory, { mask: 0 as never })],
    ['attend(…, { mask: null })', () => mechanism.attend(x, memory, { mask: null as never })],
    ['attend(…, { returnWeights: 1 })', () => mechanism.attend(x, memory, { returnWeights: 1 as never })],
    ['attend(…, { dropout: 0.1 })', () => mechanism.attend(x, memory, { dropout: 0.1 as never })],
    ['attend(…, mask)', () => mechanism.attend(x, memory, causal() as never)],
    ['attend without a memory', () => mechanism.attend(x, undefined as never)],
    ['createMechanism(config, null)', () => createMechanism(mechanism.config(), null as never)],
    [
      'createMechanism with arrays',
      () => createMechanism({ kind: 'cosine', width: 2, scale: 'learned' }, { scale: [1] as never }),
    ],
  ])('%s', (_, call) => {
    expect(errorOf(call).code).toMatch(/^(INVALID_ARGUMENT|SHAPE_MISMATCH|UNKNOWN_OPTION)$/);
  });
});

describe('messages about options speak of the option, its type and an example', () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      'no seed',
      () => additive({ queryWidth: 4, memoryWidth: 4, units: 3 } as never),
      /^additive: seed is missing\. Hint: seed: a whole number ≥ 0, such as 7, required$/,
    ],
    [
      'a slip',
      () => additive({ queryWidth: 4, memoryWidth: 4, unit: 3, seed: 1 } as never),
      /there is no option 'unit'\. Hint: did you mean 'units'\?/,
    ],
    [
      'text for a number',
      () => additive({ queryWidth: '4', memoryWidth: 4, units: 3, seed: 1 } as never),
      /queryWidth is '4'\. Hint: a whole number from 1 to 65536, such as 64$/,
    ],
    [
      'null',
      () => additive({ queryWidth: 4, memoryWidth: 4, units: 3, seed: 1, bias: null } as never),
      /bias is null\. Hint: true or false$/,
    ],
    [
      'heads by another name',
      () => multiHead({ queryWidth: 4, memoryWidth: 4, numHeads: 2, seed: 1 } as never),
      /'numHeads'\. Hint: did you mean 'heads'\?/,
    ],
    [
      'nested',
      () => multiHead({ queryWidth: 4, memoryWidth: 4, heads: 2, seed: 1, rotary: { width: 3 } }),
      /rotary\.width is 3\. Hint: a whole number that is a multiple of 2/,
    ],
    [
      'nested slip',
      () => multiHead({ queryWidth: 4, memoryWidth: 4, heads: 2, seed: 1, rotary: { bas: 3 } as object }),
      /no option 'bas' in 'rotary'\. Hint: did you mean 'base'\?/,
    ],
    [
      'rotary: true',
      () => multiHead({ queryWidth: 4, memoryWidth: 4, heads: 2, seed: 1, rotary: true as never }),
      /rotary is true\. Hint: an object with base, layout, width, scaling$/,
    ],
    [
      'one of a few',
      () => multiHead({ queryWidth: 4, memoryWidth: 4, heads: 2, seed: 1, rotary: { layout: 'split' as never } }),
      /rotary\.layout is 'split'\. Hint: one of 'interleaved', 'half'$/,
    ],
    [
      'one of two types',
      () => createMechanism({ kind: 'cosine', width: 2, scale: 'learnt' }),
      /scale is 'learnt'\. Hint: a finite number, or 'learned'$/,
    ],
    [
      'what only a check knows',
      () => multiHead({ queryWidth: 4, memoryWidth: 4, heads: 3, seed: 1 }),
      /multiHead: heads must divide queryWidth, or headWidth must be given$/,
    ],
    [
      'no options at all',
      () => sinusoidal(undefined as never),
      /sinusoidal: the options are undefined\. Hint: pass an object with length, width, offset, base$/,
    ],
    [
      'a kind that slipped',
      () => createMechanism({ kind: 'multihead' }),
      /the kind is 'multihead'\. Hint: did you mean 'multiHead'\?/,
    ],
  ])('%s', (_, call, message) => {
    expect(errorOf(call).message).toMatch(message);
  });
});

describe('tensors that are gone', () => {
  const gone = <R extends tf.Rank>(
    shape: tf.ShapeMap[R],
    dtype: 'float32' | 'bool' | 'int32' = 'float32',
  ): tf.Tensor<R> => {
    const tensor = tf.zeros(shape, dtype);
    tensor.dispose();
    return tensor;
  };
  const mechanism = additiveOf();
  const memory = mechanism.prepare(x);

  it.each<[string, () => unknown]>([
    ['the memory', () => mechanism.prepare(gone<tf.Rank.R3>([2, 3, 4]))],
    ['keys', () => mechanism.prepare(x, { keys: gone<tf.Rank.R3>([2, 3, 4]) })],
    ['a mask of the memory', () => mechanism.prepare(x, { mask: gone<tf.Rank.R2>([2, 3], 'bool') })],
    ['lengths', () => mechanism.prepare(x, { lengths: gone<tf.Rank.R1>([2], 'int32') })],
    ['the query', () => mechanism.attend(gone([2, 3, 4]), memory)],
    ['a mask', () => mechanism.attend(x, memory, { mask: gone([3, 3], 'bool') })],
    ['what is appended', () => memory.append(gone<tf.Rank.R3>([2, 1, 4]))],
    ['rows', () => memory.reorder(gone<tf.Rank.R1>([2], 'int32'))],
    ['a weight', () => createMechanism({ kind: 'cosine', width: 2, scale: 'learned' }, { scale: gone([]) })],
    [
      'tables',
      () => rotary(tf.zeros([1, 1, 2, 4]), { tables: { cos: gone<tf.Rank.R2>([2, 2]), sin: tf.zeros([2, 2]) } }),
    ],
  ])('%s', (_, call) => {
    expect(errorOf(call).code).toBe('DISPOSED');
  });
});

describe('a mask shaped as the weights', () => {
  const mask = tf.greater(random([2, 3, 3], 5), -0.3);

  it.each([
    ['additive', additiveOf],
    ['dot', () => dot({ width: 4 })],
  ] as const)('[B, T, Tk] for %s, which has no heads', (_, make) => {
    const mechanism = make();
    const memory = mechanism.prepare(x);
    const weights = (given: tf.Tensor) =>
      values(mechanism.attend(x, memory, { mask: given, returnWeights: true }).weights!);
    expect(weights(mask)).toEqual(weights(tf.reshape(mask, [2, 1, 3, 3])));
    mechanism.dispose();
  });

  it('[B, T, Tk] for as many heads as batches names its axes', () => {
    const mechanism = multiHead({ queryWidth: 4, memoryWidth: 4, heads: 2, seed: 1 });
    const memory = mechanism.prepare(x);
    expect(errorOf(() => mechanism.attend(x, memory, { mask })).code).toBe('AXES_REQUIRED');
    const named = mechanism.attend(x, memory, { mask: dense(mask, { axes: 'bqk' }) }).context;
    expect(values(named)).toEqual(
      values(mechanism.attend(x, memory, { mask: tf.reshape(mask, [2, 1, 3, 3]) }).context),
    );
    mechanism.dispose();
  });
});
