import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectError, numbers, useComposedCpu, values } from '../../test/cpu-engine.js';
import { SCAN_KERNEL, scan, type ScanAttributes, type ScanBody } from './scan.js';

useComposedCpu();

/** s ← 2s + x, and s² on the way. */
const doubling: ScanBody = ([s], [x]) => {
  const next = tf.add(tf.mul(s, 2), x);
  return { state: [next], outputs: [tf.square(next)] };
};

describe('scan', () => {
  it('tells each step what the one before left, and stacks what the steps give', () => {
    const start = tf.tensor1d([1, 0]);
    const x = tf.tensor2d([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const before = tf.memory().numTensors;
    const { state, outputs } = scan(doubling, { state: [start], steps: [x] });
    expect(tf.memory().numTensors).toBe(before + 2);
    expect(values(state[0])).toEqual([23, 16 + 6]);
    expect(outputs[0].shape).toEqual([3, 2]);
    expect(values(outputs[0])).toEqual([9, 4, 81, 64, 529, 484]);
  });

  it('is one call on an engine with a kernel for it', () => {
    const calls: { body: ScanBody; states: number; inputs: number }[] = [];
    const kernel = {
      kernelName: SCAN_KERNEL,
      backendName: tf.getBackend(),
      kernelFunc: ({ inputs, attrs, backend }: Parameters<tf.KernelFunc>[0]) => {
        const { body, states } = attrs as unknown as ScanAttributes;
        calls.push({ body, states, inputs: Object.keys(inputs).length });
        const zeros = (shape: number[]): tf.TensorInfo => {
          const size = shape.reduce((a, b) => a * b, 1);
          const write = (backend as tf.KernelBackend).write(new Float32Array(size), shape, 'float32');
          return { dataId: write, shape, dtype: 'float32' };
        };
        return [zeros([2]), zeros([4, 2])];
      },
    } satisfies tf.KernelConfig;
    tf.registerKernel(kernel);
    try {
      const { state, outputs } = scan(doubling, { state: [numbers([2])], steps: [numbers([4, 2])] });
      expect(state.map(({ shape }) => shape)).toEqual([[2]]);
      expect(outputs.map(({ shape }) => shape)).toEqual([[4, 2]]);
    } finally {
      tf.unregisterKernel(SCAN_KERNEL, tf.getBackend());
    }
    expect(calls).toEqual([{ body: doubling, states: 1, inputs: 2 }]);
  });

  it('refuses nothing to read, and tensors of different numbers of steps', () => {
    const state = [numbers([2])];
    expectError('INVALID_ARGUMENT', () => scan(doubling, { state, steps: [] }));
    expectError('INVALID_ARGUMENT', () => scan(doubling, { state, steps: [tf.zeros([0, 2])] }));
    expectError('SHAPE_MISMATCH', () => scan(doubling, { state, steps: [numbers([3, 2]), numbers([2, 2])] }));
  });
});
