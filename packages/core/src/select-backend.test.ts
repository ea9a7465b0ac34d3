import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { gradients, numbers, values } from '../test/cpu-engine.js';
import { composedKernels } from './composed/index.js';
import {
  HeedError,
  activeBackend,
  composed,
  dotProductAttention,
  explain,
  selectBackend,
  type AttentionBackend,
  type AttentionKernels,
  type BackendFactory,
} from './index.js';

const q = numbers([1, 1, 2, 3]);
const call = { op: 'dotProductAttention', query: q, key: q, value: q } as const;

/** A backend on the cpu engine whose kernels are the composed forms, run as registered kernels. */
function fake(changes: Partial<AttentionBackend> = {}, log: string[] = []): BackendFactory {
  const named = Object.entries(composedKernels).map(([name, kernel]) => [
    name,
    (inputs: Record<string, tf.TensorInfo>, request: never) => {
      log.push(name);
      return tf.tidy(() => {
        const tensors = Object.entries(inputs).map(([key, info]) => {
          tf.backend().incRef(info.dataId); // the tensor made here gives its reference back at the end of the tidy
          return [key, tf.engine().makeTensorFromTensorInfo(info)];
        });
        return (kernel as (i: object, r: object) => tf.TensorContainer)(Object.fromEntries(tensors), request);
      });
    },
  ]);
  const backend: AttentionBackend = {
    specVersion: 1,
    name: 'fake',
    engine: 'cpu',
    capabilities: {} as AttentionBackend['capabilities'],
    unsupportedReasons: (request) => ('softCap' in request && request.softCap !== null ? ['no soft cap'] : []),
    kernels: Object.fromEntries(named) as unknown as AttentionKernels,
    dispose: () => {
      log.push('dispose');
      return Promise.resolve();
    },
    ...changes,
  };
  return { name: backend.name, unavailableReasons: async () => [], create: async () => backend };
}

const unavailable = (reason: string): BackendFactory => ({
  name: reason,
  unavailableReasons: async () => [reason],
  create: () => Promise.reject(new Error('must not be called')),
});

const opened: AttentionBackend[] = [];
async function select(...factories: BackendFactory[]): Promise<AttentionBackend> {
  const backend = await selectBackend(factories);
  opened.push(backend);
  return backend;
}
afterEach(async () => {
  for (const backend of opened.splice(0)) await backend.dispose();
});

describe('selectBackend', () => {
  it('takes the first that can run and is told by activeBackend', async () => {
    const backend = await select(unavailable('no SIMD'), fake());
    expect(backend.name).toBe('fake');
    expect(activeBackend()).toBe(backend);
    await backend.dispose();
    expect(activeBackend()).toBeUndefined();
  });

  it('names every candidate with every reason when none can', async () => {
    const failing: BackendFactory = {
      ...fake(),
      name: 'broken',
      create: () => Promise.reject(new Error('out of memory')),
    };
    const lost = fake({ engine: 'no-such-engine' });
    const error = await selectBackend([unavailable('no SIMD'), failing, lost]).catch(
      (error: unknown) => error as Error,
    );
    expect(HeedError.isInstance(error, 'BACKEND_UNAVAILABLE')).toBe(true);
    for (const part of ['no SIMD', 'broken: out of memory', "engine 'no-such-engine' did not start"]) {
      expect((error as Error).message).toContain(part);
    }
  });

  it('refuses a backend of another version or with holes, by what is missing', async () => {
    const wrong = fake({ specVersion: 2 as 1, kernels: {} as AttentionKernels });
    const error = await selectBackend(wrong).catch((error: unknown) => error as Error);
    expect(HeedError.isInstance(error, 'BACKEND_INVALID')).toBe(true);
    expect((error as Error).message).toMatch(/specVersion is 2.*kernels\.additiveAttention\(\) is missing/);
  });
});

describe('kernels', () => {
  it('are registered on selection, used forward and backward, and removed on dispose', async () => {
    const log: string[] = [];
    const backend = await select(fake({}, log));
    expect(tf.getKernel('HeedDotProductAttention', 'cpu')).toBeDefined();
    const fused = gradients(() => dotProductAttention(q, q, q).context, [q]).map(values);
    expect(log).toEqual(['dotProductAttention', 'dotProductAttention', 'dotProductAttentionGrad']);
    await backend.dispose();
    await backend.dispose();
    expect(log.filter((entry) => entry === 'dispose')).toHaveLength(1);
    expect(tf.getKernel('HeedDotProductAttention', 'cpu')).toBeUndefined();
    expect(gradients(() => dotProductAttention(q, q, q).context, [q]).map(values)).toEqual(fused);
  });

  it('are seen by tf.profile', async () => {
    await select(fake());
    const { kernelNames } = await tf.profile(() => dotProductAttention(q, q, q).context);
    expect(kernelNames).toContain('HeedDotProductAttention');
  });

  it("replace the engine's own while selected, and give them back whatever the order of disposal", async () => {
    const original = tf.getKernel('Add', 'cpu');
    const mine = { kernelName: 'Add' as const, kernelFunc: original.kernelFunc };
    const first = await select(fake({ engineKernels: [mine] }));
    expect(tf.getKernel('Add', 'cpu')).not.toBe(original);
    const second = await select(fake({ name: 'second', engineKernels: [{ ...mine }] }));
    await first.dispose();
    expect(activeBackend()?.name).toBe('second');
    expect(tf.getKernel('Add', 'cpu')).not.toBe(original);
    await second.dispose();
    expect(tf.getKernel('Add', 'cpu')).toBe(original);
  });

  it('say so when they are gone between the forward and the backward pass', async () => {
    const backend = await select(fake());
    const engine = tf.engine() as unknown as { gradients(f: () => tf.Tensor, xs: tf.Tensor[], dy: tf.Tensor): unknown };
    const forward = (): tf.Tensor => {
      const { context } = dotProductAttention(q, q, q);
      void backend.dispose();
      return context;
    };
    const before = tf.memory().numTensors;
    const cotangent = tf.ones([1, 1, 2, 3]);
    expect(() => tf.tidy(() => void engine.gradients(forward, [q], cotangent))).toThrow(/no backward kernel/);
    cotangent.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(() => backend.unsupportedReasons(explain(call).request)).toThrow(/disposed/);
  });
});

describe('explain', () => {
  it('tells the path and every reason', async () => {
    expect(explain(call)).toMatchObject({ path: 'composed', backend: undefined, engine: 'cpu' });
    await select(fake());
    expect(explain(call)).toMatchObject({ path: 'fused', backend: 'fake', reasons: [] });
    expect(explain({ ...call, softCap: 3 })).toMatchObject({ path: 'composed', reasons: ['no soft cap'] });
    expect(dotProductAttention(q, q, q, { softCap: 3 }).context.shape).toEqual([1, 1, 2, 3]);
    await select(composed({ engine: 'cpu' }));
    expect(explain(call)).toMatchObject({ path: 'composed', backend: 'composed' });
  });

  it('needs no tensor, only a description', () => {
    const tensor = { shape: [1, 1, 0, 4], dtype: 'float32' } as const;
    const request = { op: 'dotProductAttention', query: tensor, key: tensor, value: tensor } as never;
    expect(explain(request)).toMatchObject({ path: 'empty' });
  });
});
