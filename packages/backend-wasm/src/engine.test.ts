import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { ENGINE, ENGINE_VERSION, openEngine, replacement, type WasmEngine } from './engine.js';

/** What this package takes for granted about TensorFlow.js: when it changes, one of these says so. */

let engine: WasmEngine;

beforeAll(async () => {
  engine = await openEngine();
});

const floats = (address: number, length: number): Float32Array =>
  new Float32Array(engine.memory.buffer, address, length);

test('the versions are those it was written for', async () => {
  expect(tf.version_core).toBe(ENGINE_VERSION);
  expect((await import('@tensorflow/tfjs-backend-wasm')).version_wasm).toBe(ENGINE_VERSION);
});

test('opening starts the engine without making it the one in use, also twice at once', async () => {
  expect(tf.engine().backendName).toBeUndefined();
  const [first, second] = await Promise.all([openEngine(), openEngine()]);
  expect(first.memory).toBe(engine.memory);
  expect(second.memory).toBe(engine.memory);
  expect(await tf.setBackend(ENGINE)).toBe(true);
});

test('a tensor’s numbers are in the memory at its address; bools are bytes of 0 and 1', () => {
  tf.tidy(() => {
    expect([...floats(engine.address(tf.tensor([1, 2, 3])), 3)]).toEqual([1, 2, 3]);
    for (const bools of [tf.tensor([true, false, true], [3], 'bool'), tf.notEqual(tf.tensor([2, 0, -1]), 0)]) {
      expect([...new Uint8Array(engine.memory.buffer, engine.address(bools), 3)]).toEqual([1, 0, 1]);
    }
    const cast = tf.cast(tf.tensor([true, false], [2], 'bool'), 'float32');
    expect([...floats(engine.address(cast), 2)]).toEqual([1, 0]);
  });
});

test('an output is a tensor that the engine frees', () => {
  const before = tf.findBackend(ENGINE).numDataIds();
  const info = engine.output([2, 1], 'float32');
  floats(engine.address(info), 2).set([5, 6]);
  const tensor = tf.engine().makeTensorFromTensorInfo(info);
  expect([...tensor.dataSync()]).toEqual([5, 6]);
  expect(tf.findBackend(ENGINE).numDataIds()).toBe(before + 1);
  tensor.dispose();
  expect(tf.findBackend(ENGINE).numDataIds()).toBe(before);
});

test('scratch is aligned, and freed also when its use fails', () => {
  const addresses = [1, 17, 100].map((bytes) => engine.withScratch(bytes, (address) => address));
  for (const address of addresses) expect(address % 64).toBe(0);
  const room = (): number => engine.withScratch(2 ** 20, (address) => address);
  const before = room();
  expect(() =>
    engine.withScratch(2 ** 20, () => {
      throw new Error('inside');
    }),
  ).toThrow('inside');
  expect(room()).toBe(before);
});

test('the memory outlives its growth; tensors stay where they are', () => {
  const tensor = tf.tensor([1, 2, 3]);
  const buffer = engine.memory.buffer;
  engine.withScratch(buffer.byteLength + 2 ** 20, () => {});
  expect(engine.memory.buffer).not.toBe(buffer);
  expect(buffer.byteLength).toBe(0); // detached
  expect([...floats(engine.address(tensor), 3)]).toEqual([1, 2, 3]);
  expect([...tensor.dataSync()]).toEqual([1, 2, 3]);
  tensor.dispose();
});

test('no room is an error that says so, and the engine stays usable', () => {
  expect(() => engine.output([2 ** 30, 8], 'float32')).toThrow('no room for 34359738368 bytes');
  expect(() => engine.withScratch(2 ** 32 - 2 ** 16, () => {})).toThrow('no room');
  expect(tf.tidy(() => [...tf.add(tf.tensor([1]), tf.tensor([2])).dataSync()])).toEqual([3]);
});

test('the engine’s own allocations fail in the same way, and leave nothing', () => {
  const before = tf.memory();
  const [column, row] = [tf.ones([2 ** 16, 1]), tf.ones([1, 2 ** 16])];
  for (const run of [() => tf.add(column, row), () => tf.tile(row, [2 ** 16, 1])]) {
    expect(run).toThrow(expect.objectContaining({ code: 'OUT_OF_MEMORY' }));
  }
  tf.dispose([column, row]);
  expect(tf.memory()).toEqual(before);
  expect(tf.tidy(() => [...tf.add(tf.tensor([1]), tf.tensor([2])).dataSync()])).toEqual([3]);
});

test('a replacement finds the engine’s own kernel behind another replacement', () => {
  const own = tf.getKernel('Relu', ENGINE);
  const found: unknown[] = [];
  const replace = (): KernelFunc =>
    replacement('Relu', (original) => {
      found.push(original);
      return (args) => original(args);
    });
  const first = replace();
  tf.unregisterKernel('Relu', ENGINE);
  tf.registerKernel({ kernelName: 'Relu', backendName: ENGINE, kernelFunc: first });
  replace();
  tf.unregisterKernel('Relu', ENGINE);
  tf.registerKernel(own);
  expect(found).toHaveLength(2);
  expect(found[1]).toBe(found[0]);
});

test('a replaced kernel works on the instance that calls it, also when there is a second one', async () => {
  const second = 'wasm-second';
  const own = tf.getKernel('Relu', ENGINE);
  tf.registerBackend(second, tf.findBackendFactory(ENGINE));
  tf.copyRegisteredKernels(ENGINE, second);
  const kernelFunc = replacement('Relu', (original) => (args) => original(args));
  tf.unregisterKernel('Relu', ENGINE);
  tf.registerKernel({ kernelName: 'Relu', backendName: ENGINE, kernelFunc });
  const rectified = (): number[] => tf.tidy(() => [...tf.relu(tf.tensor([-1, 2, -3, 4])).dataSync()]);
  for (const engineName of [second, ENGINE, second, ENGINE]) {
    await tf.setBackend(engineName);
    expect(rectified(), engineName).toEqual([0, 2, 0, 4]);
  }
  tf.unregisterKernel('Relu', ENGINE);
  tf.registerKernel(own);
  tf.removeBackend(second);
});

test('the engine has the kernels that are replaced or run, and lacks the one that is added', () => {
  const names = ['BatchMatMul', '_FusedMatMul', 'Tanh', 'Softmax', 'Add', 'Relu', 'Relu6', 'Elu', 'Sigmoid', 'Prelu'];
  for (const name of [...names, 'LeakyRelu'])
    expect(tf.getKernel(name, ENGINE)?.kernelFunc, name).toBeTypeOf('function');
  expect(tf.getKernel('UnsortedSegmentSum', ENGINE)).toBeUndefined();
});

test('an engine of the same name that isn’t tfjs-backend-wasm is refused', async () => {
  const factory = tf.findBackendFactory(ENGINE);
  tf.removeBackend(ENGINE);
  await expect(openEngine()).rejects.toMatchObject({ code: 'ENGINE_INCOMPATIBLE' });
  tf.registerBackend(ENGINE, () => ({ dispose() {} }) as tf.KernelBackend);
  await expect(openEngine()).rejects.toMatchObject({ code: 'ENGINE_INCOMPATIBLE' });
  tf.removeBackend(ENGINE);
  tf.registerBackend(ENGINE, factory);
});
