import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import {
  NORMALIZERS,
  OPTIONS,
  activeBackend,
  additiveAttention,
  alibi,
  both,
  composed,
  declarationOf,
  dense,
  dotProductAttention,
  explain,
  padding,
  relativePosition,
  segments,
  selectBackend,
  slidingWindow,
  sumOf,
  weightedContext,
  type Mask,
  type OpRequest,
  type SelectedBackend,
} from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { expectClose } from '../test/close.js';
import { Random } from '../test/random.js';
import { cpu } from './cpu.js';
import { cpuTime } from '../../base/test/cpu-time.js';

let backend: SelectedBackend;

beforeAll(async () => {
  backend = await selectBackend(cpu());
});
afterAll(() => backend.dispose());

function random(shape: number[], seed: number): tf.Tensor {
  return tf.tensor(new Random(seed).floats(tf.util.sizeFromShape(shape)), shape);
}

describe('the manifest is true', () => {
  const common = { batch: 1, heads: 1, queries: 1, keys: 1, valueWidth: 1, mask: {}, dropout: null };
  const noHooks = { scoreHook: null, maskHook: null, weightHook: null };
  const requests: OpRequest[] = [
    {
      ...common,
      op: 'dotProductAttention',
      keyHeads: 1,
      width: 1,
      scale: 1,
      softCap: null,
      bias: {},
      ...noHooks,
      returnWeights: false,
    },
    { ...common, op: 'additiveAttention', units: 1, ...noHooks, returnWeights: false },
    { ...common, op: 'weightedContext', normalizer: 'softmax', parameters: 0 },
    {
      ...common,
      op: 'linearAttention',
      keyHeads: 1,
      width: 1,
      scale: 1,
      logDecay: null,
      beta: null,
      normalize: false,
      lengths: null,
      bidirectional: false,
      initialState: false,
      returnState: false,
    },
  ];

  test('declared: every op, with every normaliser, part and option but hooks of weights and what has no steps, and no limits', () => {
    const { ops, normalizers, options, limits } = declarationOf(backend);
    expect(requests.map(({ op }) => op).toSorted()).toEqual(ops.toSorted());
    const left = new Set<string>(['weightHook', 'bidirectional']);
    expect([normalizers, options.toSorted(), limits]).toEqual([
      NORMALIZERS,
      OPTIONS.filter((name) => !left.has(name)).toSorted(),
      {},
    ]);
    for (const request of requests) expect(backend.unsupportedReasons(request)).toEqual([]);
    expect(backend.unsupportedReasons({ ...requests[0], op: 'nextYear' } as unknown as OpRequest)).toHaveLength(1);
    const tensor: tf.TensorInfo = { dataId: {}, shape: [1, 1, 2, 3], dtype: 'float32' };
    expect(explain({ op: 'dotProductAttention', query: tensor, key: tensor, value: tensor }).path).toBe('fused');
  });

  test('replaces: what it says, and nothing else', () => {
    expect(backend.engineKernels!.map(({ kernelName }) => kernelName)).toEqual(backend.capabilities.replaces);
    for (const { kernelName, kernelFunc } of backend.engineKernels!) {
      expect(tf.getKernel(kernelName, 'cpu').kernelFunc).toBe(kernelFunc);
    }
  });

  test('skips: what is skipped costs no time', () => {
    const [queries, width] = [1024, 64];
    const tensors = [1, 2, 3].map((seed) => random([1, 1, queries, width], seed)) as tf.Tensor4D[];
    const [query, key, value] = tensors;
    const time = (mask?: Mask): number => {
      let best = Infinity;
      for (let round = 0; round < 4; round++) {
        const attend = (): void => {
          dotProductAttention(query, key, value, { mask });
        };
        best = Math.min(
          best,
          cpuTime(() => tf.tidy(attend)),
        );
      }
      return best;
    };
    const ids = Int32Array.from({ length: queries }, (_, t) => Math.floor(t / 128));
    const whole = time();
    // An eighth of the scores or less is left in each; half the time leaves room for a busy machine.
    expect(backend.capabilities.skips).toEqual(['band', 'lengths', 'segments']);
    expect(time(slidingWindow({ left: 64, right: 0 }))).toBeLessThan(whole / 2);
    expect(time(padding([128]))).toBeLessThan(whole / 2);
    expect(time(segments([ids]))).toBeLessThan(whole / 2);
    tf.dispose(tensors);
  });

  test('accumulatorBits: scores and contexts keep what float32 sums would lose', () => {
    expect(backend.capabilities.accumulatorBits).toBe(64);
    tf.tidy(() => {
      const query = tf.ones([1, 1, 1, 1001]) as tf.Tensor4D;
      const key = tf.concat([tf.fill([1, 1, 1, 1], 2 ** 24), tf.fill([1, 1, 1, 1000], 1)], 3) as tf.Tensor4D;
      const { logSumExp } = dotProductAttention(query, key, tf.ones([1, 1, 1, 1]), {
        scale: 1,
        returnLogSumExp: true,
      });
      expect(logSumExp!.dataSync()[0]).toBe(2 ** 24 + 1000);
    });
  });

  test('threads, simd, determinism', () => {
    expect(backend.capabilities).toMatchObject({ threads: 1, simd: 'none', floatBits: 32, deterministic: true });
    const run = (): string =>
      tf.tidy(() => {
        const { context } = dotProductAttention(
          random([1, 2, 70, 8], 1) as tf.Tensor4D,
          random([1, 2, 70, 8], 2) as tf.Tensor4D,
          random([1, 2, 70, 8], 3) as tf.Tensor4D,
          { dropout: { rate: 0.2, seed: 5 } },
        );
        return Buffer.from(context.dataSync().buffer).toString('base64');
      });
    expect(run()).toBe(run());
  });
});

describe('through the public ops', () => {
  type Inputs = Record<string, tf.Tensor>;
  type Run = (inputs: Inputs) => Record<string, tf.Tensor | undefined>;

  const [B, H, Tq, Tk, D, Dv] = [2, 4, 70, 66, 8, 5];
  const lengths = padding([66, 31]);
  const attention = {
    query: [B, H, Tq, D],
    key: [B, 2, Tk, D],
    value: [B, 2, Tk, Dv],
    bias: [B, 1, Tq, Tk],
    table: [H, 9],
  };
  const additive = { query: [B, Tq, D], key: [B, Tk, D], vector: [D], value: [B, Tk, Dv] };
  const scored = { scores: [B, H, Tq, Tk], value: [B, H, Tk, Dv] };
  const dropout = { rate: 0.25, seed: 11 };

  const ops: Record<string, [shapes: Record<string, number[]>, run: Run]> = {
    dotProductAttention: [
      attention,
      ({ query, key, value, bias, table }) => ({
        ...dotProductAttention(query as tf.Tensor4D, key as tf.Tensor4D, value as tf.Tensor4D, {
          softCap: 2,
          bias: sumOf(
            dense(bias),
            relativePosition(table as tf.Tensor2D, { align: 'bottom-right' }),
            alibi({ align: 'top-left' }),
          ),
          mask: both(slidingWindow({ left: 20, right: 30, align: 'bottom-right' }), lengths),
          dropout,
          returnWeights: true,
          returnLogSumExp: true,
        }),
      }),
    ],
    additiveAttention: [
      additive,
      ({ query, key, vector, value }) => ({
        ...additiveAttention(query as tf.Tensor3D, key as tf.Tensor3D, vector as tf.Tensor1D, value as tf.Tensor3D, {
          mask: lengths,
          dropout,
          returnWeights: true,
          returnLogSumExp: true,
        }),
      }),
    ],
    ...Object.fromEntries(
      (['softmax', 'sparsemax', 'entmax15', 'sigmoid', 'hard'] as const).map((normalizer) => [
        `weightedContext with ${normalizer}`,
        [
          scored,
          ({ scores, value }: Inputs) => ({
            ...weightedContext(scores, value, { normalizer, mask: lengths, dropout, returnWeights: true }),
          }),
        ] as [Record<string, number[]>, Run],
      ]),
    ),
  };

  /** Outputs, and the gradients of a loss that uses all of them, as plain arrays. */
  function results(name: string): Record<string, Float32Array> {
    const [shapes, run] = ops[name];
    const names = Object.keys(shapes);
    return tf.tidy(() => {
      const inputs = Object.fromEntries(names.map((key, n) => [key, random(shapes[key], n + 1)]));
      const outputs = run(inputs);
      const loss = (...tensors: tf.Tensor[]): tf.Scalar => {
        const again = run(Object.fromEntries(names.map((key, n) => [key, tensors[n]])));
        const terms = Object.values(again).map((output, n) => {
          const cotangent = random(output!.shape, 100 + n);
          return tf.sum(tf.mul(output!, cotangent));
        });
        return tf.addN(terms) as tf.Scalar;
      };
      const gradients = tf.grads(loss)(names.map((key) => inputs[key]));
      return Object.fromEntries([
        ...Object.entries(outputs).map(([key, tensor]) => [key, tensor!.dataSync().slice()] as const),
        ...gradients.map((tensor, n) => [`d ${names[n]}`, tensor.dataSync().slice()] as const),
      ]) as Record<string, Float32Array>;
    });
  }

  test.each(Object.keys(ops))('%s equals its composed form, forward and backward', async (name) => {
    const before = tf.memory();
    const fused = results(name);
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    const plain = await selectBackend(composed({ engine: 'cpu' }));
    const expected = results(name);
    await plain.dispose();
    backend = await selectBackend(cpu());
    for (const [key, values] of Object.entries(expected)) {
      // Sums of thousands of float32 terms stand on the other side.
      expectClose(fused[key], Float64Array.from(values), key, 2e-5);
    }
  });
});

describe('life', () => {
  test('disposal puts the engine’s own kernels back', async () => {
    await backend.dispose();
    const names = backend.capabilities.replaces;
    const own = names.map((name) => tf.getKernel(name, 'cpu')?.kernelFunc);
    const again = await selectBackend(cpu());
    expect(activeBackend()?.name).toBe('cpu');
    names.forEach((name, n) => expect(tf.getKernel(name, 'cpu').kernelFunc).not.toBe(own[n]));
    await again.dispose();
    names.forEach((name, n) => expect(tf.getKernel(name, 'cpu')?.kernelFunc).toBe(own[n]));
    backend = await selectBackend(cpu());
  });

  test('a second backend replaces the first and doesn’t call it', async () => {
    const second = await selectBackend(cpu());
    const spies = backend.engineKernels!.map((kernel) => vi.spyOn(kernel, 'kernelFunc'));
    const product = tf.tidy(() => tf.matMul(tf.ones([2, 2], 'int32'), tf.ones([2, 2], 'int32')).dataSync());
    expect([...product]).toEqual([2, 2, 2, 2]);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    await second.dispose();
    backend = await selectBackend(cpu());
  });

  test('it can run wherever this test can', async () => {
    expect(await cpu().unavailableReasons()).toEqual([]);
    expect(cpu().name).toBe('cpu');
  });

  test('an LSTM-like step trains through the replaced products, and leaks nothing', () => {
    const weights = tf.variable(random([24, 64], 1));
    const before = tf.memory();
    const { value, grads } = tf.variableGrads(() => {
      const gates = tf.matMul(random([8, 24], 2) as tf.Tensor2D, weights as tf.Tensor2D);
      return tf.sum(tf.tanh(gates)) as tf.Scalar;
    }, [weights]);
    expect(Object.values(grads)[0].shape).toEqual([24, 64]);
    tf.dispose([value, grads]);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    weights.dispose();
  });
});

test('cpu({ threads: 2 }) is refused: it has no options', () => {
  expect(() => cpu({ threads: 2 } as object)).toThrow(
    expect.objectContaining({ code: 'UNKNOWN_OPTION', hint: 'there are none' }),
  );
});
