import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, expectNoLeak, random, useBackend, values } from '../../test/engine.js';
import { multiHead } from '../index.js';
import { rotary } from './rotary.js';
import type { RotaryConfig } from './rotary-config.js';
import { TableTurning } from './turning.js';

const x = random<tf.Rank.R4>([2, 2, 3, 8]);
const holding = (): number => tf.memory().numTensors;

describe.each(BACKENDS)('turning by tables that stay, on $name', (factory) => {
  useBackend(factory);

  it.each<[string, RotaryConfig]>([
    ['plain', {}],
    ['part, in halves', { layout: 'half', width: 4 }],
    ['yarn', { scaling: { kind: 'yarn', factor: 4, originalMaxPositions: 32 } }],
    ['dynamic', { scaling: { kind: 'dynamic', factor: 2, maxPositions: 100 } }],
  ])('gives the bits that rotary does, wherever positions are (%s)', (_, config) => {
    const turning = new TableTurning({ config, width: 8 });
    const far = [0, 61, 98, 300, -2, 2 ** 20];
    for (const offset of [...far, [5, 70]]) {
      expect(values(turning.turn(x, { offset })), String(offset)).toEqual(values(rotary(x, { ...config, offset })));
    }
    for (const positions of [
      [9, 2, 2],
      [
        [1, 2, 3],
        [80, 7, 0],
      ],
    ]) {
      expect(values(turning.turn(x, { positions }))).toEqual(values(rotary(x, { ...config, positions })));
    }
    turning.dispose();
  });

  it('holds two tensors until it is disposed, whatever tidy they grow in', () => {
    const before = holding();
    let turning!: TableTurning;
    tf.tidy(() => {
      turning = new TableTurning({ config: {}, width: 8 });
    });
    expect(holding()).toBe(before + 2);
    expectNoLeak(() => turning.turn(x, { offset: 1000 }));
    expectNoLeak(() => tf.tidy(() => turning.turn(x, { offset: 5000 })));
    expectNoLeak(() => tf.grad((y) => turning.turn(y as tf.Tensor4D, { offset: 20_000 }))(x));
    expect(values(turning.turn(x, { offset: 20_000 }))).toEqual(values(rotary(x, { offset: 20_000 })));
    turning.dispose();
    expect(holding()).toBe(before + 2); // the results that were compared
  });

  it("a mechanism's tables come with its parameters and go with them", () => {
    const before = holding();
    const mechanism = multiHead({ queryWidth: 8, memoryWidth: 8, heads: 2, rotary: {}, seed: 1 });
    const made = holding();
    tf.tidy(() => {
      const text = random<tf.Rank.R3>([1, 200, 8]);
      mechanism.attend(text, mechanism.prepare(text), { causal: true });
    });
    expect(holding()).toBe(made);
    mechanism.dispose();
    mechanism.dispose();
    expect(holding()).toBe(before);
  });
});
