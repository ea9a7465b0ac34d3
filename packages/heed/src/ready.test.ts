import * as attention from '@heed/attention';
import { cpu } from '@heed/backend-cpu';
import * as core from '@heed/core';
import * as tensorflow from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as heed from './index.js';
import {
  BACKENDS,
  type HeedError,
  activeBackend,
  explain,
  multiHead,
  ready,
  selectBackend,
  selfAttend,
  tf,
} from './index.js';

const failure = (call: Promise<unknown>): Promise<HeedError> =>
  call.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as HeedError,
  );

afterEach(async () => {
  vi.unstubAllGlobals();
  await activeBackend()?.dispose();
});

describe('a user who installs heed alone', () => {
  it('is ready in one call, and attends in fused kernels', async () => {
    const backend = await ready();
    expect(backend.name).toBe('wasm');
    const mechanism = multiHead({ queryWidth: 8, memoryWidth: 8, heads: 2, seed: 1 });
    const x = tf.ones<tf.Rank.R3>([1, 3, 8]);
    const { weights } = selfAttend(mechanism, x, { causal: true, returnWeights: true });
    expect([...weights.dataSync()].slice(0, 3)).toEqual([1, 0, 0]);
    const heads = tf.ones([1, 2, 3, 4]);
    expect(explain({ op: 'dotProductAttention', query: heads, key: heads, value: heads }).path).toBe('fused');
    tf.dispose([x, weights, heads]);
    mechanism.dispose();
  });

  it('finds everything of core, attention and TensorFlow.js, the same as there', () => {
    for (const module of [core, attention]) {
      for (const [name, value] of Object.entries(module)) expect(heed).toHaveProperty(name, value);
    }
    expect(tf.tensor).toBe(tensorflow.tensor);
  });
});

describe('ready', () => {
  it('gives the same backend to everyone who calls it, at once or later', async () => {
    const [first, second] = await Promise.all([ready(), ready({ backend: ['wasm', 'cpu'] })]);
    expect(second).toBe(first);
    expect(await ready()).toBe(first);
  });

  it('takes what is asked for, keeps it, and disposes what it took before', async () => {
    const wasm = await ready();
    const chosen = await ready({ backend: 'cpu' });
    expect(chosen.name).toBe('cpu');
    expect(tf.getBackend()).toBe('cpu');
    expect(await ready()).toBe(chosen);
    expect(() => wasm.unsupportedReasons({} as never)).toThrow(/disposed/);
    expect((await ready({ backend: 'wasm' })).name).toBe('wasm');
  });

  it('falls back along the list, and keeps what is in use when nothing better can run', async () => {
    const backend = await ready({ backend: ['webgl', 'cpu'] });
    expect(backend.name).toBe('cpu');
    expect(await ready({ backend: ['webgl', 'cpu', 'wasm'] })).toBe(backend);
    expect((await ready({ backend: ['webgl', 'wasm', 'cpu'] })).name).toBe('wasm');
  });

  it('leaves a backend that the user selected alone', async () => {
    const own = await selectBackend(cpu());
    expect(await ready()).toBe(own);
    expect((await ready({ backend: 'wasm' })).name).toBe('wasm');
    expect(own.unsupportedReasons({ op: 'weightedContext' } as never)).toEqual([]);
    await own.dispose();
  });

  it('starts again after a dispose', async () => {
    const first = await ready();
    await first.dispose();
    const second = await ready();
    expect(second).not.toBe(first);
    expect(activeBackend()).toBe(second);
  });

  it('names every candidate with its reasons when none can run, and works at the next call', async () => {
    vi.stubGlobal('WebAssembly', { ...WebAssembly, validate: () => false });
    const error = await failure(ready({ backend: ['webgl', 'wasm'] }));
    expect(error.code).toBe('BACKEND_UNAVAILABLE');
    expect(error.message).toMatch(/webgl: there is no WebGL 2 here.*\| wasm: WebAssembly here has no SIMD/);
    expect((await ready()).name).toBe('cpu');
  });

  it.each([
    ['gpu', 'UNKNOWN_NAME', /no backend 'gpu'.*wasm, webgl, webgpu, cpu/],
    [['wasm', 'webnn'], 'UNKNOWN_NAME', /no backend 'webnn'/],
    [[], 'UNKNOWN_NAME', /the list of backends is empty/],
    [null, 'INVALID_ARGUMENT', /backend is null/],
    ['wasn', 'UNKNOWN_NAME', /did you mean 'wasm'/],
  ])('refuses the backend %j', async (backend, code, message) => {
    const error = await failure(ready({ backend } as never));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(activeBackend()).toBeUndefined();
  });

  it.each([
    ['cpu', 'INVALID_ARGUMENT', /options are 'cpu'/],
    [null, 'INVALID_ARGUMENT', /options are null/],
    [{ backends: ['cpu'] }, 'UNKNOWN_OPTION', /no option 'backends'.*did you mean 'backend'/],
  ])('refuses the options %j', async (options, code, message) => {
    const error = await failure(ready(options as never));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it('tries the backends in an order that is told', () => {
    expect(BACKENDS).toEqual(['wasm', 'webgl', 'webgpu', 'cpu']);
  });
});
