import * as tf from '@tensorflow/tfjs-core';
import type { AttentionBackend, AttentionKernels } from '@heed/core';
import { map, ofResults, type Mutant } from './mutant.js';

const HALF_PRECISION_BITS = 11;
const DOUBLE_PRECISION_BITS = 53;

/** The nearest number of 11 significant bits, by Veltkamp's splitting. */
function halfPrecision(x: number): number {
  const shifted = x * (2 ** (DOUBLE_PRECISION_BITS - HALF_PRECISION_BITS) + 1);
  return Number.isFinite(shifted) ? shifted - (shifted - x) : x;
}

type Kernel = (inputs: object, request: object) => object;
type Pass = 'forward' | 'backward';

/** The backend with every kernel wrapped. */
function aroundKernels(
  around: (run: () => object, op: string, pass: Pass) => object,
): (right: AttentionBackend) => Partial<AttentionBackend> {
  return ({ kernels }) => ({
    kernels: Object.fromEntries(
      (Object.entries(kernels) as [string, Record<Pass, Kernel>][]).map(([op, { forward, backward }]) => {
        const wrap =
          (kernel: Kernel, pass: Pass): Kernel =>
          (inputs, request) =>
            around(() => kernel(inputs, request), op, pass);
        return [op, { forward: wrap(forward, 'forward'), backward: wrap(backward, 'backward') }];
      }),
    ) as AttentionKernels,
  });
}

/** How a backend behaves, apart from what it computes. */
export const conductMutants: readonly Mutant[] = [
  {
    id: 'leaked tensor',
    group: 'leaks',
    reason: /leaks\/dot\/plain\/forward: numTensors is 1 more/,
    spares: ['masks', 'ownership', 'determinism'],
    backend: aroundKernels((run) => {
      tf.keep(tf.zeros([1]));
      return run();
    }),
  },
  {
    id: 'memory leaked in the gradient, unknown to TensorFlow.js',
    group: 'leaks',
    reason: /leaks\/dot\/plain\/gradients: numDataIds is 1 more/,
    spares: ['masks', 'ownership', 'determinism'],
    backend: aroundKernels((run, _op, pass) => {
      if (pass === 'backward') tf.backend().write(new Float32Array(1), [1], 'float32');
      return run();
    }),
  },
  {
    id: 'mutated input',
    group: 'ownership',
    reason: /ownership\/dot\/plain\/forward: input query was overwritten/,
    spares: ['leaks', 'errors', 'manifest'],
    kernels: (right) => ({
      dotProductAttention: (inputs, request) => {
        const outputs = right.dotProductAttention(inputs, request);
        (inputs.query as Float32Array)[0] += 1; // the engine's own memory
        return outputs;
      },
    }),
  },
  {
    id: 'stale result',
    group: 'ownership',
    reason: /ownership\/dot\/plain\/forward: other inputs gave the same result/,
    spares: ['leaks', 'errors', 'manifest'],
    kernels: (right) => {
      const previous = new Map<string, ReturnType<typeof right.dotProductAttention>>();
      return {
        dotProductAttention: (inputs, request) => {
          const key = JSON.stringify(request);
          const outputs = previous.get(key) ?? right.dotProductAttention(inputs, request);
          previous.set(key, outputs);
          return outputs;
        },
      };
    },
  },
  {
    id: 'results written to the same memory each time',
    group: 'ownership',
    reason: /ownership\/dot\/plain\/forward: context changed when the op ran on other inputs/,
    spares: ['masks', 'leaks'],
    backend: (right) => {
      const memory = new Map<string, Float32Array>();
      return aroundKernels((run, op, pass) =>
        Object.fromEntries(
          Object.entries(run() as Record<string, tf.TensorInfo>).map(([output, info]) => {
            const values = tf.backend().readSync(info.dataId) as Float32Array;
            tf.backend().disposeData(info.dataId);
            const place = `${op} ${pass} ${output} ${info.shape}`;
            const own = memory.get(place) ?? values;
            memory.set(place, own);
            own.set(values);
            return [output, { ...info, dataId: tf.backend().write(own, info.shape, info.dtype) }];
          }),
        ),
      )(right);
    },
  },
  {
    id: 'not deterministic',
    group: 'determinism',
    reason: /determinism\/dot\/plain\/forward: context differs between runs/,
    spares: ['masks', 'leaks', 'errors'],
    // Well within the bound: only the comparison of bits can tell.
    kernels: ofResults((values) => map(values, (x) => x * (1 + 1e-7 * Math.random()))),
  },
  {
    id: 'results too large by a hundred-thousandth',
    group: 'shapes',
    reason: /shapes\/dot\/base: context.*ulps/,
    spares: ['leaks', 'ownership', 'determinism', 'errors'],
    kernels: ofResults((values) => map(values, (x) => x * 1.00001)),
  },
  {
    id: 'float16 called float32',
    group: 'shapes',
    reason: /shapes\/dot\/base: context.*ulps/,
    spares: ['leaks', 'ownership', 'determinism', 'errors'],
    kernels: ofResults((values) => map(values, halfPrecision)),
  },
  {
    id: 'declared, but declined in fact',
    group: 'manifest',
    reason:
      /manifest\/declared-requests-are-taken: .*additiveAttention by itself is declared, but declined: no kernel for it/,
    spares: ['masks', 'leaks'],
    backend: () => ({
      unsupportedReasons: ({ op }) => (op === 'additiveAttention' ? ['no kernel for it'] : []),
    }),
  },
  {
    id: 'declines without saying why',
    group: 'manifest',
    reason: /manifest\/reasons-are-given: .*aren't sentences/,
    spares: ['masks', 'leaks'],
    backend: () => ({ unsupportedReasons: (request) => ('dropout' in request && request.dropout ? [''] : []) }),
  },
  {
    id: 'allocates while it is asked',
    group: 'manifest',
    reason: /manifest\/reasons-are-pure: unsupportedReasons allocates/,
    spares: ['masks', 'errors'],
    backend: () => ({
      unsupportedReasons: () => {
        tf.keep(tf.zeros([1]));
        return [];
      },
    }),
  },
  {
    id: 'skips claimed, masks declined',
    group: 'manifest',
    reason: /manifest\/skips-are-taken: segments is listed in skips/,
    spares: ['scale', 'leaks'],
    backend: ({ capabilities }) => ({
      capabilities: { ...capabilities, skips: ['band', 'segments'] },
      unsupportedReasons: (request) =>
        'mask' in request && request.mask.segments ? ['segments are not supported'] : [],
    }),
  },
  {
    id: 'engine kernel replaced on the quiet',
    group: 'manifest',
    reason: /manifest\/replaced-kernels-are-listed: replaces lists \[\], but engineKernels are \[BatchMatMul\]/,
    spares: ['masks', 'errors'],
    backend: ({ engine }) => ({
      engineKernels: [{ kernelName: 'BatchMatMul', kernelFunc: tf.getKernel('BatchMatMul', engine)!.kernelFunc }],
    }),
  },
  {
    id: 'engine matrix product forgets to transpose',
    group: 'matmul',
    reason: /matmul\/long\/aT-b: /,
    spares: ['masks', 'errors'],
    backend: ({ engine, capabilities }) => {
      const { kernelFunc } = tf.getKernel('BatchMatMul', engine)!;
      return {
        capabilities: { ...capabilities, replaces: ['BatchMatMul'] },
        engineKernels: [
          {
            kernelName: 'BatchMatMul',
            kernelFunc: (call) => {
              const { transposeA } = call.attrs as { transposeA: boolean };
              const a = (call.inputs as { a: tf.TensorInfo }).a;
              if (!transposeA) return kernelFunc(call);
              const shape = [...a.shape.slice(0, -2), a.shape.at(-1)!, a.shape.at(-2)!];
              return kernelFunc({
                ...call,
                inputs: { ...call.inputs, a: { ...a, shape } } as typeof call.inputs,
                attrs: { ...call.attrs, transposeA: false },
              });
            },
          },
        ],
      };
    },
  },
  {
    id: 'dispose fails',
    group: 'dispose',
    reason: /dispose\/twice: threw Error: already closed/,
    spares: ['errors'],
    backend: () => ({ dispose: () => Promise.reject(new Error('already closed')) }),
  },
  {
    id: 'leaves a kernel behind',
    group: 'dispose',
    reason: /dispose\/restores-the-engine: kernel HeedLeftOver/,
    spares: ['errors', 'manifest'],
    backend: ({ engine }) => ({
      dispose: () => {
        const kernelName = 'HeedLeftOver';
        if (tf.getKernel(kernelName, engine)) tf.unregisterKernel(kernelName, engine);
        tf.registerKernel({ kernelName, backendName: engine, kernelFunc: () => [] });
        return Promise.resolve();
      },
    }),
  },
];
