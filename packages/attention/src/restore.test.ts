import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, expectNoLeak, random, useBackend, values } from '../test/engine.js';
import { MECHANISMS, createMechanism, multiHead } from './index.js';

const WIDTH = 8;
const place = { queryWidth: WIDTH, memoryWidth: WIDTH, seed: 3 };
const size = { width: WIDTH, heads: 2 };
const all = MECHANISMS.map(
  (one) => [one.kind, { kind: one.kind, ...one.suggest?.(size), ...one.fit.options(place) }] as const,
);
const h = (time: number, seed = 1): tf.Tensor3D => random<tf.Rank.R3>([2, time, WIDTH], seed);

describe.each(BACKENDS)('restored on $name', (factory) => {
  useBackend(factory);

  it.each(all)('%s sees what it saw before, and grows from there', (_, config) => {
    const mechanism = createMechanism(config);
    const [memory, more, query] = [h(5), h(1, 2), h(1, 3)];
    const lengths = Int32Array.of(5, 5);
    const mask = tf.tensor2d([1, 0, 1, 1, 1, 1, 1, 1, 1, 0], [2, 5], 'bool');
    const options = { alignment: { align: 'bottom-right' } } as const;
    expectNoLeak(() => {
      const before = mechanism.prepare(memory, { lengths, mask });
      const tensors = before.tensors();
      const kept = Object.values(tensors).map(values);
      const after = mechanism.restore(tensors);
      for (const prepared of [before, after]) prepared.append(more);
      const [expected, actual] = [before, after].map((one) => mechanism.attend(query, one, options));
      expect(values(actual.context)).toEqual(values(expected.context));
      expect(Object.values(tensors).map(values)).toEqual(kept);
      for (const prepared of [before, after]) prepared.dispose();
      return [expected.context, actual.context, expected.state ?? [], actual.state ?? [], tensors];
    });
    mechanism.dispose();
  });

  it('with lengths of rows, and with positions that were forgotten', () => {
    const short = createMechanism(all.find(([kind]) => kind === 'additive')![1]);
    const padded = short.prepare(h(4), { lengths: [4, 2] });
    const query = h(1, 3);
    expect(values(short.attend(query, short.restore(padded.tensors())).context)).toEqual(
      values(short.attend(query, padded).context),
    );

    const streaming = multiHead({ ...place, heads: 2, streaming: { sinks: 1, window: 3 } });
    const long = streaming.prepare(h(4));
    for (let n = 0; n < 3; n++) long.append(h(1, 4 + n));
    expect(long.evicted).toBeGreaterThan(0);
    const { evicted } = long;
    const restored = streaming.restore(long.tensors(), { evicted });
    expect(restored.held).toEqual(long.held);
    const [a, b] = [long, restored].map((one) => one.append(h(1, 9)));
    const step = random<tf.Rank.R2>([2, WIDTH], 5);
    expect(values(streaming.attend(step, b).context)).toEqual(values(streaming.attend(step, a).context));
  });

  it('refuses tensors that are no memory of its own', () => {
    const mechanism = multiHead({ ...place, heads: 2 });
    const tensors = mechanism.prepare(h(4)).tensors();
    const { keys, values: held } = tensors;
    expect(keys.shape).toEqual([2, 2, 4, WIDTH / 2]);
    expect(codeOf(() => mechanism.restore({ keys: h(4), values: held }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => mechanism.restore({ keys, values: tf.slice(held, 0, 1) }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => mechanism.restore({ keys, values: held, lengths: tf.tensor1d([5, 1], 'int32') }))).toBe(
      'INVALID_ARGUMENT',
    );
    expect(codeOf(() => mechanism.restore(tensors, { evicted: 1 }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => mechanism.restore(tensors, { forgotten: 1 } as never))).toBe('UNKNOWN_OPTION');
    mechanism.dispose();
    expect(codeOf(() => mechanism.restore(tensors))).toBe('DISPOSED');
  });
});
