import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test, vi } from 'vitest';
import { ENGINE, ENGINE_VERSION, openEngine, replacement, type CpuEngine } from './engine.js';

/** What this package takes for granted about TensorFlow.js: when it changes, one of these says so. */

const warnings = vi.spyOn(console, 'warn').mockImplementation(() => {});
let engine: CpuEngine;

beforeAll(async () => {
  engine = await openEngine();
});

test('the versions are those it was written for', async () => {
  expect(tf.version_core).toBe(ENGINE_VERSION);
  const { version_cpu } = await import('@tensorflow/tfjs-backend-cpu');
  expect(version_cpu).toBe(ENGINE_VERSION);
});

test('opening starts the engine, twice gives the same one, and its first tensor prints no advice', async () => {
  expect(tf.findBackend(ENGINE)).not.toBeNull();
  expect(await openEngine()).toBe(engine);
  await tf.setBackend(ENGINE);
  const tensor = tf.tensor([1, 2, 3]);
  expect([...engine.floats(tensor)]).toEqual([1, 2, 3]);
  tensor.dispose();
  expect(warnings).not.toHaveBeenCalled();
});

test('TensorFlow.js may start a second instance by itself, and that one is then used', async () => {
  tf.removeBackend(ENGINE);
  await openEngine();
  const first = tf.findBackend(ENGINE);
  const tensor = tf.tensor([1, 2, 3]); // no engine is in use, so this picks one
  expect(tf.findBackend(ENGINE)).not.toBe(first);
  expect([...engine.floats(tensor)]).toEqual([1, 2, 3]);
  tensor.dispose();
});

test('opening doesn’t change the engine in use', async () => {
  tf.registerBackend('other', () => tf.findBackend(ENGINE), 0);
  await tf.setBackend('other');
  await openEngine();
  expect(tf.getBackend()).toBe('other');
  await tf.setBackend(ENGINE);
});

test('the advice is there to be silenced, behind a flag', async () => {
  const { MathBackendCPU } = await import('@tensorflow/tfjs-backend-cpu');
  const fresh = new MathBackendCPU() as unknown as { firstUse: boolean };
  expect(fresh.firstUse).toBe(true);
});

test('values are read in place', () => {
  const values = Float32Array.of(1, 2, 3, 4);
  const tensor = tf.tensor(values, [2, 2]);
  expect(engine.floats(tensor)).toBe(values);
  tensor.dispose();
});

test('float32 tensors that share int32 or bool data are read as floats', () => {
  tf.tidy(() => {
    expect(engine.floats(tf.cast(tf.tensor([1, 2], [2], 'int32'), 'float32'))).toEqual(Float32Array.of(1, 2));
    expect(engine.floats(tf.cast(tf.tensor([true, false], [2], 'bool'), 'float32'))).toEqual(Float32Array.of(1, 0));
  });
});

test('bools are bytes, wherever they come from', () => {
  tf.tidy(() => {
    const expected = Uint8Array.of(1, 0, 1);
    const numbers = tf.tensor([2, 0, -1]);
    expect(engine.bools(tf.tensor([true, false, true], [3], 'bool'))).toEqual(expected);
    expect(engine.bools(tf.notEqual(numbers, tf.scalar(0)))).toEqual(expected);
    expect(engine.bools(tf.cast(numbers, 'bool'))).toEqual(expected);
    expect(engine.bools(tf.logicalNot(tf.equal(numbers, tf.scalar(0))))).toEqual(expected);
  });
});

test('outputs own their values and are freed with their tensor', () => {
  const backend = tf.findBackend(ENGINE);
  const before = backend.numDataIds();
  const values = Float32Array.of(5, 6);
  const info = engine.output([2, 1], values);
  expect(info).toMatchObject({ shape: [2, 1], dtype: 'float32' });
  expect(engine.floats(info)).toBe(values);
  expect(backend.numDataIds()).toBe(before + 1);
  engine.release(info);
  expect(backend.numDataIds()).toBe(before);
});

test('the engine has the kernels that are replaced or run', () => {
  const names = ['BatchMatMul', '_FusedMatMul', 'Add', 'Relu', 'Relu6', 'Elu', 'Sigmoid', 'Prelu', 'LeakyRelu'];
  for (const name of names) expect(tf.getKernel(name, ENGINE)?.kernelFunc, name).toBeTypeOf('function');
  expect(() => engine.run('NoSuchKernel', {})).toThrow("no kernel 'NoSuchKernel'");
});

test('a replacement finds the engine’s own kernel behind another replacement', () => {
  const own = tf.getKernel('Relu', ENGINE).kernelFunc;
  const first = replacement('Relu', (original) => (args) => original(args));
  tf.unregisterKernel('Relu', ENGINE);
  tf.registerKernel({ kernelName: 'Relu', backendName: ENGINE, kernelFunc: first });
  let found: unknown;
  replacement('Relu', (original) => {
    found = original;
    return (args) => original(args);
  });
  tf.unregisterKernel('Relu', ENGINE);
  tf.registerKernel({ kernelName: 'Relu', backendName: ENGINE, kernelFunc: own });
  expect(found).toBe(own);
});

test('an engine of the same name that isn’t tfjs-backend-cpu is refused', async () => {
  const own = tf.findBackendFactory(ENGINE);
  tf.removeBackend(ENGINE);
  tf.registerBackend(ENGINE, () => ({ dispose() {} }) as tf.KernelBackend);
  await expect(openEngine()).rejects.toMatchObject({ code: 'ENGINE_INCOMPATIBLE' });
  tf.removeBackend(ENGINE);
  engine = await openEngine(); // registers it again
  expect(tf.findBackendFactory(ENGINE)).not.toBe(own);
  await tf.setBackend(ENGINE);
  expect(tf.tidy(() => [...tf.add(tf.tensor([1]), tf.tensor([2])).dataSync()])).toEqual([3]);
});
