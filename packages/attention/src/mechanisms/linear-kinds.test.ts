import * as tf from '@tensorflow/tfjs-core';
import { both, causal, dense, padding, slidingWindow, type Mask } from '@heed/core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, expectClose, random, useBackend, values } from '../../test/engine.js';
import { createMechanism, selfAttend, type AttentionMechanism } from '../index.js';

const KINDS = ['linear', 'retention', 'gatedDelta'] as const;
const [ROWS, TIME, WIDTH] = [2, 7, 8];
const place = { queryWidth: WIDTH, memoryWidth: WIDTH, heads: 2, seed: 4 };

function scrambled(kind: string, options: object = {}): AttentionMechanism {
  const mechanism = createMechanism({ kind, ...place, ...options });
  Object.values(mechanism.parameters).forEach((parameter, n) =>
    tf.tidy(() => parameter.assign(random(parameter.shape, 60 + n))),
  );
  return mechanism;
}

/** Every other position of a text, for each query another half of them. */
const checkered = (): Mask =>
  dense(
    tf.tensor2d(
      Uint8Array.from({ length: TIME * TIME }, (_, n) => Number(n % 2 === 0)),
      [TIME, TIME],
      'bool',
    ),
  );

/** Masks that say no more than which positions there are and how far queries see, and others. */
const MASKS: readonly (readonly [string, 'in order' | 'apart', () => Mask | undefined])[] = [
  ['no mask', 'in order', () => undefined],
  ['a causal one', 'in order', () => causal()],
  ['a window wider than the text', 'in order', () => slidingWindow({ left: TIME, right: 2 })],
  ['lengths', 'in order', () => both(causal(), padding(Int32Array.of(5, 7)))],
  ['a window', 'apart', () => slidingWindow({ left: 2, right: 1 })],
  ['a table', 'apart', checkered],
  ['offsets of rows', 'apart', () => causal({ offset: Int32Array.of(0, 2) })],
];

describe.each(BACKENDS)('linear attention on $name', (factory) => {
  useBackend(factory);
  const text = random<tf.Rank.R3>([ROWS, TIME, WIDTH], 1);

  describe.each(KINDS)('%s', (kind) => {
    it.each(MASKS)('gives the mean of values that its weights say, with %s, read %s', (_, how, make) => {
      const mechanism = scrambled(kind);
      const memory = mechanism.prepare(text);
      const mask = make();
      const { heads, weights, values: averaged } = mechanism.parts(text, memory, { mask });
      expectClose(values(heads!), values(tf.matMul(weights, averaged)), 2e-6);
      const { context } = mechanism.attend(text, memory, { mask });
      expectClose(values(context), values(mechanism.parts(text, memory, { mask }).context), 1e-6);
      const { op } = mechanism.explain(text, memory, { mask }).request;
      expect(op).toBe(how === 'in order' || kind === 'gatedDelta' ? 'linearAttention' : 'weightedContext');
      mechanism.dispose();
    });

    it('a cache, one step at a time and in pieces, gives what all at once gives', () => {
      const mechanism = scrambled(kind);
      const all = values(selfAttend(mechanism, text, { causal: true }).context);
      for (const pieces of [Array<number>(TIME).fill(1), [3, 4], [1, 5, 1]]) {
        const memory = mechanism.prepare(tf.zeros([ROWS, 0, WIDTH]));
        const contexts = tf.split(text, pieces, 1).map((piece) => {
          const offset = memory.length;
          return mechanism.attend(piece as tf.Tensor3D, memory.append(piece as tf.Tensor3D), { causal: { offset } })
            .context;
        });
        expectClose(values(tf.concat(contexts, 1)), all, 2e-6);
      }
      mechanism.dispose();
    });

    it('what a mask of the caller keeps from all queries reaches nothing, NaN included', () => {
      const mechanism = scrambled(kind);
      const open = tf.tensor2d([1, 1, 0, 1, 1, 1, 1], [1, TIME], 'bool');
      const spoilt = tf.where(tf.reshape(open, [1, TIME, 1]), text, NaN);
      const wide = dense(tf.cast(tf.broadcastTo(tf.cast(open, 'int32'), [TIME, TIME]), 'bool'));
      for (const mask of [dense(open), wide]) {
        const run = (memory: tf.Tensor): number[] => {
          const attend = (m: tf.Tensor): tf.Tensor =>
            mechanism.attend(text, mechanism.prepare(m as tf.Tensor3D), { mask, causal: true }).context;
          return [...values(attend(memory)), ...values(tf.grad((m) => tf.sum(tf.square(attend(m))))(memory))];
        };
        // A projection of NaN is NaN in its own place, so what reaches others is looked at.
        expect(run(text).every(Number.isFinite)).toBe(true);
        expect(run(spoilt).slice(0, text.size)).toEqual(run(text).slice(0, text.size));
      }
      mechanism.dispose();
    });

    it('takes neither hooks nor a bias', () => {
      const mechanism = scrambled(kind);
      expect(codeOf(() => selfAttend(mechanism, text, { bias: tf.zeros([TIME, TIME]) }))).toBe('INVALID_ARGUMENT');
      mechanism.dispose();
    });
  });

  it('linear, causal or not, runs the op: its cost grows with the length of the text', () => {
    const mechanism = scrambled('linear');
    const { path, request } = mechanism.explain(text, mechanism.prepare(text), { causal: true });
    expect(path).toBe(factory.name === 'composed' ? 'composed' : 'fused');
    expect(request).toMatchObject({ op: 'linearAttention', normalize: true, bidirectional: false });
    expect(mechanism.explain(text, mechanism.prepare(text)).request).toMatchObject({ bidirectional: true });
    mechanism.dispose();
  });
});
