import * as tf from '@tensorflow/tfjs-core';
import { maskHook } from '@heed/core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, expectClose, expectNoLeak, random, useBackend, values } from '../../test/engine.js';
import {
  bindMechanism,
  createMechanism,
  differential,
  latent,
  multiHead,
  multiToken,
  selfAttend,
  twoSimplicial,
  type AttendOptions,
  type AttentionMechanism,
  type MultiHeadOptions,
} from '../index.js';

/** The most memory of tensors that a computation takes at any time, in bytes beyond what there was. */
function peakOf(run: () => tf.Tensor): number {
  const engine = tf.engine();
  const { runKernel } = engine;
  const before = tf.memory().numBytes;
  let peakBytes = 0;
  engine.runKernel = (...args) => {
    const result = runKernel.apply(engine, args);
    peakBytes = Math.max(peakBytes, tf.memory().numBytes - before);
    return result as never;
  };
  try {
    tf.tidy(() => void run());
  } finally {
    engine.runKernel = runKernel;
  }
  return peakBytes;
}

const place = { queryWidth: 8, memoryWidth: 8, heads: 2, seed: 4 };
const step = (x: tf.Tensor3D, t: number): tf.Tensor3D => tf.slice(x, [0, t, 0], [-1, 1, -1]);

function scrambled<M extends AttentionMechanism>(mechanism: M): M {
  Object.values(mechanism.parameters).forEach((parameter, n) =>
    tf.tidy(() => parameter.assign(random(parameter.shape, 60 + n))),
  );
  return mechanism;
}

describe('multiHead refuses what makes no sense together, before any work', () => {
  useBackend(BACKENDS[1]!);

  it.each<[string, object]>([
    ["scale can't be given", { qkNorm: 'l2', scale: 1 }],
    ['qkNormEpsilon needs', { qkNormEpsilon: 1e-3 }],
    ['qkNormEpsilon needs', { qkNorm: 'l2', qkNormEpsilon: 1e-3 }],
    ["alpha needs normalizer 'entmax'", { alpha: 1.5 }],
    ["sigmoidBias needs normalizer 'sigmoid'", { sigmoidBias: -3 }],
    ['sinks need', { sinks: true, normalizer: 'sigmoid' }],
    ['learnedPosition and zeroPosition need', { learnedPosition: true, normalizer: 'sigmoid' }],
    ['learnedPosition and zeroPosition need', { zeroPosition: true, normalizer: 'entmax' }],
    ['talkingHeads need', { talkingHeads: {}, zeroPosition: true }],
    ['span needs', { span: { max: 3 }, normalizer: 'entmax' }],
    ['talkingHeads need', { talkingHeads: {}, sinks: true }],
    ['talkingHeads need', { talkingHeads: {}, span: { max: 3 } }],
    ['talkingHeads need', { talkingHeads: {}, normalizer: 'sparsemax' }],
    ["streaming doesn't go with", { streaming: { sinks: 1, window: 2 }, alibi: {} }],
    ["streaming doesn't go with", { streaming: { sinks: 1, window: 2 }, relative: { reach: 1 } }],
    ["streaming doesn't go with", { streaming: { sinks: 1, window: 2 }, span: { max: 3 } }],
    ['streaming.positions needs rotary', { streaming: { sinks: 1, window: 2, positions: 'cache' } }],
    ['a dynamic span has no initial value', { span: { max: 3, dynamic: true, initial: 1 } }],
    ['hard', { normalizer: 'hard' }],
    ['0.5', { normalizer: 'entmax', alpha: 0.5 }],
    ["no option 'sink'", { sink: true }],
  ])('%s', (message, options) => {
    const tensors = tf.memory().numTensors;
    const make = (): AttentionMechanism => multiHead({ ...place, ...options } as MultiHeadOptions);
    expect(codeOf(make)).toBe('CONFIG_INVALID');
    expect(make).toThrow(message);
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

describe.each(BACKENDS)('heads on $name', (factory) => {
  useBackend(factory);
  const isComposed = factory.name === 'composed';

  it.each<[string, object, boolean]>([
    ['qkNorm', { qkNorm: 'head' }, true],
    ['gate', { gate: 'headwise' }, true],
    ['sinks', { sinks: true }, true],
    ['positions of its own', { learnedPosition: true, zeroPosition: true }, true],
    ['span', { span: { max: 3 } }, true],
    ['streaming', { streaming: { sinks: 1, window: 2 }, rotary: {} }, true],
    ['sigmoid', { normalizer: 'sigmoid' }, true],
    ['entmax', { normalizer: 'entmax' }, false],
    ['talking heads', { talkingHeads: {} }, true],
  ])('%s stays on the fused path where there is one', (_, options, isFused) => {
    const mechanism = multiHead({ ...place, ...options });
    const x = random<tf.Rank.R3>([1, 4, 8]);
    const { path } = mechanism.explain(x, mechanism.prepare(x));
    expect(path).toBe(isFused && !isComposed ? 'fused' : 'composed');
    mechanism.dispose();
  });

  it.each<[string, object]>([
    ['without rotary', {}],
    ['rotary by the cache', { rotary: {} }],
    ['rotary by the text', { rotary: {}, streaming: { sinks: 2, window: 3, positions: 'text' } }],
    ['rotary, sinks with logits and one key head', { rotary: {}, sinks: true, keyHeads: 1 }],
  ])('streaming %s: a cache that forgets gives what all at once gives', (_, options) => {
    const mechanism = scrambled(multiHead({ ...place, streaming: { sinks: 2, window: 3 }, ...options }));
    const x = random<tf.Rank.R3>([2, 11, 8]);
    const { context } = selfAttend(mechanism, x);
    const memory = mechanism.prepare(tf.zeros([2, 0, 8]));
    for (let t = 0; t < 11; t++) {
      const one = mechanism.attend(step(x, t), memory.append(step(x, t)), { alignment: { align: 'bottom-right' } });
      expectClose(values(one.context), values(step(context, t)), 3e-6);
      expect(memory.length).toBe(Math.min(t + 1, 5));
    }
    expect([...memory.held]).toEqual([0, 1, 8, 9, 10]);
    // In chunks: the first of several new positions still finds its window.
    const chunked = mechanism.prepare(tf.slice(x, [0, 0, 0], [-1, 6, -1]));
    const rest = tf.slice(x, [0, 6, 0], [-1, 5, -1]);
    const seen = mechanism.attend(rest, chunked.append(rest), { alignment: { align: 'bottom-right' } });
    expectClose(values(seen.context), values(tf.slice(context, [0, 6, 0], [-1, 5, -1])), 3e-6);
    expect([...chunked.held]).toEqual([0, 1, 4, 5, 6, 7, 8, 9, 10]);
    mechanism.dispose();
  });

  it.each([
    [0, 3],
    [2, 3],
    [2, 70],
  ])(
    'streaming with %i sinks and a window of %i: its mask as parts and formula is that of a table',
    (sinks, window) => {
      const mechanism = scrambled(multiHead({ ...place, rotary: {}, streaming: { sinks, window } }));
      const x = random<tf.Rank.R3>([2, 150, 8]);
      const every = maskHook(({ key }) => key.ge(0)); // beside a hook of the caller's there is a table
      expectNoLeak(() =>
        tf.tidy(() => {
          const memory = mechanism.prepare(x);
          for (const options of [{}, { alignment: { offset: [3, 1] } }]) {
            const [found, expected] = [{}, { maskHook: every }].map((hooks) => {
              const loss = (query: tf.Tensor): tf.Tensor =>
                mechanism.attend(query as tf.Tensor3D, memory, { ...options, ...hooks }).context;
              const seen = mechanism.attend(x, memory, { ...options, ...hooks, returnWeights: true });
              return [seen.context, seen.weights, tf.grad(loss)(x)].map(values);
            });
            found!.forEach((numbers, n) => expectClose(numbers, expected![n]!, 3e-6));
          }
          return [];
        }),
      );
      mechanism.dispose();
    },
  );

  it('a memory that forgets keeps its mask, its rows and its tensors', () => {
    const mechanism = multiHead({ ...place, streaming: { sinks: 1, window: 2 } });
    const x = random<tf.Rank.R3>([2, 6, 8]);
    const begin = tf.slice(x, [0, 0, 0], [-1, 3, -1]);
    expectNoLeak(() => {
      const mask = tf.tensor2d([0, 1, 1, 1, 1, 1], [2, 3], 'bool');
      const memory = mechanism.prepare(begin, { mask });
      for (let t = 3; t < 6; t++) tf.tidy(() => void memory.append(step(x, t)));
      memory.reorder([1, 0]);
      const weights = tf.tidy(() => {
        const query = tf.squeeze<tf.Tensor2D>(step(x, 5), [1]);
        return mechanism.attend(query, memory, { returnWeights: true }).weights;
      });
      // Row 0 was row 1, which has its sink; row 1 was row 0, whose sink is masked.
      expect(
        values(weights)
          .filter((_, n) => n % 3 === 0)
          .map((w) => w > 0),
      ).toEqual([true, true, false, false]);
      memory.dispose();
      weights.dispose();
      mask.dispose();
      return [];
    });
    mechanism.dispose();
  });

  it('sinks take weight: what is left is told, and log Σ exp has them in it', () => {
    const mechanism = scrambled(multiHead({ ...place, sinks: true }));
    const x = random<tf.Rank.R3>([2, 4, 8]);
    const memory = mechanism.prepare(x, { lengths: [4, 0] });
    const { weights, logSumExp } = mechanism.attend(x, memory, { returnWeights: true, returnLogSumExp: true });
    const { between, scores } = mechanism.parts(x, memory);
    const sum = tf.add(tf.sum(weights, -1), between['sinks']!);
    expectClose(values(sum), Array(16).fill(1), 1e-6);
    expectClose(values(tf.slice(between['sinks']!, 1)), Array(8).fill(1), 0);
    const first = tf.sub(tf.log(tf.slice(weights, 0, 1)), tf.slice(scores, 0, 1));
    expectClose(
      values(tf.neg(first)),
      values(tf.tile(tf.expandDims(tf.slice(logSumExp, 0, 1), -1), [1, 1, 1, 4])),
      1e-5,
    );
    const logits = values(mechanism.parameters['sinks']!);
    expectClose(
      values(tf.slice(logSumExp, 1)),
      [0, 1].flatMap((h) => Array(4).fill(logits[h])),
      1e-6,
    );
    mechanism.dispose();
  });

  it('the price of spans is a loss, whose gradient reaches them; of other mechanisms it is 0', () => {
    const x = random<tf.Rank.R3>([2, 4, 8]);
    const fixed = multiHead({ ...place, span: { max: 6, initial: 3, lossWeight: 0.5 } });
    expect(values(fixed.loss(x))).toEqual([1.5]);
    const { grads } = tf.variableGrads(() => fixed.loss(x), [fixed.parameters['span']!]);
    expect(values(Object.values(grads)[0]!)).toEqual([0.25, 0.25]);
    const dynamic = multiHead({ ...place, span: { max: 6, dynamic: true, lossWeight: 1 } });
    expect(values(dynamic.loss(x))).toEqual([3]); // kernels of 0: half of the longest
    expect(dynamic.parts(x, dynamic.prepare(x)).between['span']!.shape).toEqual([2, 2, 4]);
    expect(values(differential(place).loss(x))).toEqual([0]);
    expect(codeOf(() => fixed.loss(random([2, 4, 7])))).toBe('SHAPE_MISMATCH');
  });

  it('a span looks no farther than it reaches, in a cache as in a text', () => {
    const mechanism = scrambled(multiHead({ ...place, span: { max: 2, ramp: 1.3 } }));
    const x = random<tf.Rank.R3>([1, 6, 8]);
    const all = selfAttend(mechanism, x, { returnWeights: true });
    const memory = mechanism.prepare(x);
    const last = mechanism.attend(tf.squeeze<tf.Tensor2D>(step(x, 5), [1]), memory, { returnWeights: true });
    expectClose(values(last.context), values(step(all.context, 5)), 2e-6);
    expect(values(last.weights).filter((_, n) => n % 6 < 3)).toEqual(Array(6).fill(0));
  });

  it('keys of 0 have no direction: qkNorm l2 and its gradients stay finite', () => {
    const mechanism = multiHead({ ...place, qkNorm: 'l2', bias: false });
    const x = tf.zeros<tf.Rank.R3>([1, 3, 8]);
    const { context } = selfAttend(mechanism, x);
    expect(values(context).every(Number.isFinite)).toBe(true);
    const { grads } = tf.variableGrads(
      () => tf.sum(selfAttend(mechanism, x).context),
      Object.values(mechanism.parameters),
    );
    for (const gradient of Object.values(grads)) expect(values(gradient).every(Number.isFinite)).toBe(true);
  });

  it('multi-token begins as attention without it', () => {
    const options = { postKernel: [2, 3], headGroup: 2 } as const;
    const mechanism = multiToken({ ...place, ...options });
    const { key_query_kernel: _, post_kernel: __, head_kernel: ___, ...shared } = mechanism.parameters;
    const same = createMechanism({ kind: 'multiHead', ...place, bias: false }, shared);
    const x = random<tf.Rank.R3>([1, 5, 8]);
    const expected = selfAttend(same, x, { causal: true }).context;
    expectClose(values(selfAttend(mechanism, x).context), values(expected), 2e-6);
  });

  it('latent: a cache of latents, one step at a time, gives what all at once gives, in either form', () => {
    const options = { ...place, latentWidth: 5, rotaryWidth: 4, norm: true };
    const mechanism = scrambled(latent(options));
    const x = random<tf.Rank.R3>([2, 7, 8]);
    const { context } = selfAttend(mechanism, x);
    const memory = mechanism.prepare(tf.zeros([2, 0, 8]));
    for (let t = 0; t < 7; t++) {
      const one = mechanism.attend(tf.squeeze<tf.Tensor2D>(step(x, t), [1]), memory.append(step(x, t)));
      expectClose(values(one.context), values(step(context, t)), 5e-6);
    }
    const { keys, values: latents } = mechanism.parts(x, memory);
    expect([keys.shape, latents.shape]).toEqual([
      [2, 1, 7, 4],
      [2, 1, 7, 5],
    ]);
    const loss = (form: 'plain' | 'absorbed') => {
      const one = createMechanism({ ...mechanism.config(), form }, mechanism.parameters);
      const sum = (): tf.Scalar => tf.sum(tf.square(selfAttend(one, x).context));
      return tf.variableGrads(sum, Object.values(one.parameters)).grads;
    };
    const [plain, absorbed] = [loss('plain'), loss('absorbed')].map((grads) => Object.values(grads).flatMap(values));
    const largest = Math.max(...plain!.map(Math.abs));
    expectClose(absorbed!, plain!, 2e-6 * largest);
  });

  it('two-simplicial: weights of pairs sum to those of their first positions, and windows bound both', () => {
    const mechanism = scrambled(twoSimplicial({ ...place, windows: [3, 2] }));
    const x = random<tf.Rank.R3>([1, 5, 8]);
    const memory = mechanism.prepare(x);
    const { weights, between } = mechanism.parts(x, memory);
    const pairs = between['pairs']!;
    expect(pairs.shape).toEqual([1, 2, 5, 5, 5]);
    expectClose(values(tf.sum(pairs, -1)), values(weights), 1e-6);
    const table = pairs.arraySync() as number[][][][][];
    table[0]![0]!.forEach((rows, i) =>
      rows.forEach((row, j) =>
        row.forEach((weight, l) => expect(weight > 0).toBe(j <= i && i - j < 3 && l <= i && i - l < 2)),
      ),
    );
    expect(codeOf(() => mechanism.parts(x, memory, { change: (scores) => scores }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => mechanism.attend(x, memory, { bias: tf.zeros([5, 5]) }))).toBe('INVALID_ARGUMENT');
  });

  it.each([
    [3, 2],
    [2, 3],
    [4, 9],
  ])('two-simplicial: windows of %i and %i alone give what they give among all positions', (...windows) => {
    const mechanism = scrambled(twoSimplicial({ ...place, windows }));
    const x = random<tf.Rank.R3>([2, 7, 8]);
    const among = { dropout: { rate: 0, seed: 1 } }; // dropout counts all positions
    const perHead = tf.cast(tf.greater(random([2, 2, 7, 7], 5), -0.3), 'bool');
    const calls: readonly (readonly [number, AttendOptions])[] = [
      [7, {}],
      [7, { causal: true }],
      [7, { mask: perHead }],
      ...[1, -2, [0, 1], 40].flatMap((offset) =>
        [7, 2].map((queries) => [queries, { alignment: { offset } }] as const),
      ),
    ];
    const look = (queries: number, options: AttendOptions): readonly number[][] => {
      const query = tf.slice(x, [0, 0, 0], [2, queries, 8]);
      const memory = mechanism.prepare(x, { lengths: [7, 5] });
      const asked = mechanism.attend(query, memory, { ...options, returnWeights: true, returnLogSumExp: true });
      const loss = (from: tf.Tensor, to: tf.Tensor): tf.Scalar =>
        tf.sum(tf.square(mechanism.attend(from as tf.Tensor3D, mechanism.prepare(to as tf.Tensor3D), options).context));
      const gradients = tf.grads((from, to) => loss(from!, to!))([query, x]);
      const { context } = mechanism.attend(query, memory, options);
      const sums = values(asked.logSumExp).map((sum) => Math.max(sum, -1e9)); // −∞ where there is no pair
      return [values(context), values(asked.context), values(asked.weights), sums, ...gradients.map(values)];
    };
    expectNoLeak(() =>
      tf.tidy(() => {
        for (const [queries, options] of calls) {
          const [found, expected] = [options, { ...options, ...among }].map((all) => look(queries, all));
          found!.forEach((numbers, n) => expectClose(numbers, expected![n]!, 2e-5));
        }
        return [];
      }),
    );
    mechanism.dispose();
  });

  it('two-simplicial: what windows take grows with them, not with the square of the text', () => {
    const mechanism = scrambled(twoSimplicial({ ...place, windows: [16, 2] }));
    const bytesOf = (time: number): number => {
      const x = random<tf.Rank.R3>([1, time, 8]);
      const memory = mechanism.prepare(x);
      const peakBytes = peakOf(() => mechanism.attend(x, memory).context);
      memory.dispose();
      return peakBytes / time;
    };
    // Composed, the scores of all second positions are held.
    expect(bytesOf(400) / bytesOf(100)).toBeLessThan(isComposed ? 4 : 1.3);
    mechanism.dispose();
  });

  it('differential: what both softmaxes see alike is taken off', () => {
    const mechanism = differential(place);
    const x = random<tf.Rank.R3>([1, 4, 8]);
    const memory = mechanism.prepare(x);
    const { weights, scores, between, dropped } = mechanism.parts(x, memory, { dropout: { rate: 0.5, seed: 1 } });
    expect(scores.shape).toEqual([1, 4, 4, 4]);
    const maps = tf.reshape(tf.softmax(scores), [2, 2, 16]);
    const [first, second] = tf.unstack(maps, 1) as [tf.Tensor, tf.Tensor];
    expectClose(values(weights), values(tf.sub(first, tf.mul(between['lambda']!, second))), 1e-6);
    expect(dropped!.shape).toEqual(weights.shape);
  });

  it('a bound mechanism computes with tensors of the caller, and gradients reach them', () => {
    const mechanism = multiHead({ ...place, gate: 'elementwise', sinks: true });
    const x = random<tf.Rank.R3>([2, 3, 8]);
    const bound = bindMechanism(mechanism.config(), mechanism.parameters);
    const run = (): tf.Tensor => bound.attend(x, bound.prepare(x)).context;
    expect(values(run())).toEqual(values(selfAttend(mechanism, x).context));
    const { query_kernel, ...others } = mechanism.parameters;
    const [gradient] = tf.grads((kernel) => {
      const halved = bindMechanism(mechanism.config(), { ...others, query_kernel: tf.mul(kernel!, 0.5) });
      return tf.sum(halved.attend(x, halved.prepare(x)).context);
    })([query_kernel!]);
    expect(Math.max(...values(gradient!).map(Math.abs))).toBeGreaterThan(1e-6);
    bound.dispose();
    expect(codeOf(run)).toBe('DISPOSED');
    expect(query_kernel!.isDisposed).toBe(false);
    const config = mechanism.config();
    expect(codeOf(() => bindMechanism(config, others))).not.toBe('no error');
    expect(codeOf(() => bindMechanism(config, { ...mechanism.parameters, other: x }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => bindMechanism(config, { ...mechanism.parameters, sinks: x }))).toBe('SHAPE_MISMATCH');
  });

  it('rotary by position ids: of packed texts, of padded rows, in a cache', () => {
    const mechanism = scrambled(multiHead({ ...place, rotary: {}, alibi: {} }));
    const x = random<tf.Rank.R3>([2, 5, 8]);
    const plain = selfAttend(mechanism, x, { causal: true }).context;
    const same = [0, 1, 2, 3, 4];
    const given = mechanism.attend(x, mechanism.prepare(x, { positions: same }), { causal: true, positions: same });
    expect(values(given.context)).toEqual(values(plain));
    // Only differences count, in each row by itself.
    const rows = [same.map((n) => n + 7), same.map((n) => n + 100)];
    const shifted = mechanism.attend(x, mechanism.prepare(x, { positions: rows }), { causal: true, positions: rows });
    expectClose(values(shifted.context), values(plain), 1e-5);
    const other = mechanism.attend(x, mechanism.prepare(x, { positions: [0, 1, 2, 0, 1] }), {
      causal: true,
      positions: [0, 1, 2, 0, 1],
    });
    expectClose(values(step(other.context, 2)), values(step(plain, 2)), 2e-6);
    expect(values(step(other.context, 4))).not.toEqual(values(step(plain, 4)));
    const memory = mechanism.prepare(tf.zeros([2, 0, 8]));
    for (let t = 0; t < 5; t++) {
      const at = rows.map((row) => [row[t]!]);
      const query = tf.squeeze<tf.Tensor2D>(step(x, t), [1]);
      const one = mechanism.attend(query, memory.append(step(x, t), { positions: at }), { positions: at });
      expectClose(values(one.context), values(step(shifted.context, t)), 5e-6);
    }
  });

  it('position ids are refused where there is no use for them, or where they do not fit', () => {
    const x = random<tf.Rank.R3>([2, 3, 8]);
    const same = [0, 1, 2];
    const turning = multiHead({ ...place, rotary: {} });
    const still = multiHead(place);
    const forgetting = multiHead({ ...place, rotary: {}, streaming: { sinks: 1, window: 2 } });
    for (const mechanism of [still, forgetting]) {
      const memory = mechanism.prepare(x);
      expect(codeOf(() => mechanism.prepare(x, { positions: [0, 1, 2] }))).toBe('INVALID_ARGUMENT');
      expect(codeOf(() => mechanism.attend(x, memory, { positions: [0, 1, 2] }))).toBe('INVALID_ARGUMENT');
      expect(codeOf(() => memory.append(x, { positions: [0, 1, 2] }))).toBe('INVALID_ARGUMENT');
    }
    const memory = turning.prepare(x);
    expect(codeOf(() => turning.prepare(x, { positions: [0, 1] }))).toMatch(/SHAPE_MISMATCH|INVALID_ARGUMENT/);
    expect(codeOf(() => turning.attend(x, memory, { positions: [same, same, same] }))).toMatch(
      /SHAPE_MISMATCH|INVALID_ARGUMENT/,
    );
    expect(codeOf(() => turning.attend(x, memory, { positions: [0, 1.5, 2] }))).toBe('INVALID_ARGUMENT');
  });
});
