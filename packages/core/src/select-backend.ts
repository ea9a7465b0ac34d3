import * as tf from '@tensorflow/tfjs-core';
import type { AttentionBackend, BackendFactory } from './backend.js';
import { fusedKernels, registerGradients } from './dispatch.js';
import { registerEinsumGradient } from './einsum-gradient.js';
import { overrideKernels } from './engine.js';
import { HeedError } from './errors.js';
import { show } from './options.js';
import { selections, type Selection } from './selections.js';

/**
 * Selects the first backend that can run here: makes its engine TensorFlow.js's engine in use and registers its kernels.
 * Selecting another backend on the same engine replaces the first, which stays the caller's to dispose.
 *
 * @returns the backend; `dispose()` takes its kernels out again, after which ops on that engine run composed
 * @throws HeedError INVALID_ARGUMENT when a candidate isn't a factory, such as `cpu` for `cpu()`
 * @throws HeedError BACKEND_UNAVAILABLE with every candidate's reasons when none can run
 * @throws HeedError BACKEND_INVALID when a factory makes something that is not a backend
 */
export async function selectBackend(candidates: BackendFactory | readonly BackendFactory[]): Promise<AttentionBackend> {
  const isList = Array.isArray(candidates);
  const factories: readonly BackendFactory[] = isList ? candidates : [candidates as BackendFactory];
  factories.forEach((factory, n) =>
    checkFactory(isList ? `candidate ${n} of ${factories.length}` : 'the candidate', factory),
  );
  const reasons: Record<string, readonly string[]> = {};
  for (const factory of factories) {
    const unavailable = await unavailableReasons(factory);
    if (unavailable.length === 0) {
      const created = await attempt(() => factory.create());
      if ('value' in created) {
        checkBackend(factory.name, created.value);
        const started = await attempt(() => tf.setBackend(created.value.engine));
        if ('value' in started && started.value) return select(created.value);
        await created.value.dispose();
        reasons[factory.name] = [`engine '${created.value.engine}' did not start`];
        continue;
      }
      reasons[factory.name] = [created.reason];
      continue;
    }
    reasons[factory.name] = unavailable;
  }
  const list = Object.entries(reasons).map(([name, why]) => `${name}: ${why.join('; ')}`);
  throw new HeedError('BACKEND_UNAVAILABLE', {
    message: `no backend can run here (${list.join(' | ') || 'none was given'})`,
    hint: 'pass a backend that can, such as cpu() from @heed/backend-cpu',
    details: { reasons },
  });
}

/** Refuses what isn't a factory, before any of them is asked. */
function checkFactory(which: string, factory: BackendFactory): void {
  const { name, create, unavailableReasons } = Object(factory) as Partial<BackendFactory>;
  if (typeof name === 'string' && typeof create === 'function' && typeof unavailableReasons === 'function') return;
  const made: unknown = factory;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `selectBackend: ${which} is ${isBackend(made) ? `the backend '${made.name}' itself` : show(made)}, not a factory`,
    hint: hintFor(made),
  });
}

const isBackend = (value: unknown): value is AttentionBackend =>
  typeof value === 'object' && value !== null && 'kernels' in value && 'name' in value;

function hintFor(candidate: unknown): string {
  if (typeof candidate === 'function') return `call it: selectBackend(${candidate.name || 'cpu'}())`;
  if (typeof candidate === 'string') return `pass ${candidate}() from @heed/backend-${candidate}`;
  if (isBackend(candidate)) return 'pass what makes it, such as cpu() from @heed/backend-cpu';
  if (candidate instanceof Promise) return 'await it first';
  return 'pass one or a list of them, such as [wasm(), cpu()]';
}

async function unavailableReasons(factory: BackendFactory): Promise<readonly string[]> {
  const result = await attempt(() => factory.unavailableReasons());
  return 'value' in result ? result.value : [result.reason];
}

async function attempt<T>(run: () => Promise<T>): Promise<{ value: T } | { reason: string }> {
  try {
    return { value: await run() };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

function select(backend: AttentionBackend): AttentionBackend {
  const { engine, engineKernels = [] } = backend;
  selections.get(engine)?.deactivate();
  registerGradients();
  registerEinsumGradient();
  const restore = overrideKernels(engine, [...fusedKernels(backend), ...engineKernels]);
  let disposal: Promise<void> | undefined;
  const selected: AttentionBackend = {
    specVersion: backend.specVersion,
    name: backend.name,
    engine,
    capabilities: backend.capabilities,
    kernels: backend.kernels,
    engineKernels,
    unsupportedReasons: (request) => {
      if (disposal !== undefined) {
        throw new HeedError('DISPOSED', { message: `backend '${backend.name}' was disposed`, hint: 'select it again' });
      }
      return backend.unsupportedReasons(request);
    },
    dispose: () => {
      selection.deactivate();
      disposal ??= backend.dispose();
      return disposal;
    },
  };
  const selection: Selection = {
    backend: selected,
    deactivate: () => {
      if (selections.get(engine) !== selection) return;
      selections.delete(engine);
      restore();
    },
  };
  selections.set(engine, selection);
  return selected;
}

function checkBackend(name: string, backend: AttentionBackend): void {
  const problems = [
    ...(backend?.specVersion === 1 ? [] : [`specVersion is ${String(backend?.specVersion)}, not 1`]),
    ...(['name', 'engine'] as const).flatMap((key) =>
      typeof backend?.[key] === 'string' ? [] : [`${key} is missing`],
    ),
    ...(['unsupportedReasons', 'dispose'] as const).flatMap((key) =>
      typeof backend?.[key] === 'function' ? [] : [`${key}() is missing`],
    ),
    ...KERNELS.flatMap((key) => (typeof backend?.kernels?.[key] === 'function' ? [] : [`kernels.${key}() is missing`])),
    ...(backend?.capabilities == null ? ['capabilities are missing'] : []),
  ];
  if (problems.length > 0) {
    throw new HeedError('BACKEND_INVALID', {
      message: `backend '${name}' can't be used: ${problems.join(', ')}`,
      hint: 'see AttentionBackend in @heed/core',
      details: { problems },
    });
  }
}

const KERNELS = [
  'dotProductAttention',
  'dotProductAttentionGrad',
  'additiveAttention',
  'additiveAttentionGrad',
  'weightedContext',
  'weightedContextGrad',
] as const;
