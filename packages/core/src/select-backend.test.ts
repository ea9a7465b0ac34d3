import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { gradients, numbers, values } from '../test/cpu-engine.js';
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
  type SelectedBackend,
} from './index.js';
import { composedAdditive } from './ops/additive-attention/composed.js';
import type { ComposedForm, OpTypes } from './ops/define.js';
import { composedDotProduct } from './ops/dot-product-attention/composed.js';
import { composedWeighted } from './ops/weighted-context/composed.js';
import { softmax } from './normalizers/softmax.js';

const q = numbers([1, 1, 2, 3]);
const call = { op: 'dotProductAttention', query: q, key: q, value: q } as const;

const FORMS: Readonly<Record<string, ComposedForm<OpTypes>>> = {
  dotProductAttention: composedDotProduct,
  additiveAttention: composedAdditive,
  weightedContext: composedWeighted(softmax),
};

/** A backend on the cpu engine whose kernels are the composed forms, run as registered kernels. */
function fake(changes: Partial<AttentionBackend> = {}, log: string[] = []): BackendFactory {
  const kernel =
    (name: string, pass: 'forward' | 'backward') => (inputs: Record<string, tf.TensorInfo>, request: never) => {
      log.push(`${name} ${pass}`);
      return tf.tidy(() => {
        const tensors = Object.entries(inputs).map(([key, info]) => {
          tf.backend().incRef(info.dataId); // the tensor made here gives its reference back at the end of the tidy
          return [key, tf.engine().makeTensorFromTensorInfo(info)];
        });
        return FORMS[name][pass](
          Object.fromEntries(tensors) as Record<string, tf.Tensor>,
          request,
        ) as tf.NamedTensorMap;
      });
    };
  const kernels = Object.keys(FORMS).map((name) => [
    name,
    { forward: kernel(name, 'forward'), backward: kernel(name, 'backward') },
  ]);
  const backend: AttentionBackend = {
    specVersion: 1,
    name: 'fake',
    engine: 'cpu',
    capabilities: {} as AttentionBackend['capabilities'],
    kernels: Object.fromEntries(kernels) as AttentionKernels,
    takes: { masks: ['band'], normalizers: ['softmax'], options: ['returnWeights'], limits: { keys: 40 } },
    unsupportedReasons: ({ batch }) => (batch > 8 ? ['no texture is so large'] : []),
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

const opened: SelectedBackend[] = [];
async function select(...factories: BackendFactory[]): Promise<SelectedBackend> {
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
    const { forward } = FORMS['additiveAttention'];
    const kernels = { additiveAttention: { forward } } as unknown as AttentionKernels;
    const wrong = fake({ specVersion: 2 as 1, kernels, takes: undefined });
    const error = await selectBackend(wrong).catch((error: unknown) => error as Error);
    expect(HeedError.isInstance(error, 'BACKEND_INVALID')).toBe(true);
    expect((error as Error).message).toMatch(
      /specVersion is 2.*takes is missing.*kernels\.additiveAttention\.backward\(\) is missing/,
    );
  });
});

describe('kernels', () => {
  it('are registered on selection, used forward and backward, and removed on dispose', async () => {
    const log: string[] = [];
    const backend = await select(fake({}, log));
    expect(tf.getKernel('HeedDotProductAttention', 'cpu')).toBeDefined();
    const fused = gradients(() => dotProductAttention(q, q, q).context, [q]).map(values);
    expect(log).toEqual(['dotProductAttention forward', 'dotProductAttention forward', 'dotProductAttention backward']);
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
    expect(explain({ ...call, softCap: 3 })).toMatchObject({
      path: 'composed',
      reasons: ["fake doesn't take the option 'softCap'"],
    });
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
