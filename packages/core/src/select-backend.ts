import * as tf from '@tensorflow/tfjs-core';
import type { AttentionBackend, BackendFactory, SelectedBackend } from './backend.js';
import { undeclaredReasons } from './declaration.js';
import { fusedKernels, registerOpGradient } from './dispatch.js';
import { registerEinsumGradient } from './einsum-gradient.js';
import { overrideKernels } from './engine.js';
import { HeedError, show } from '@heed/base';
import type { Op, OpKernels, OpTypes } from './ops/define.js';
import { OPS, type OpName, type OpRequest } from './ops/table.js';
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
export async function selectBackend(candidates: BackendFactory | readonly BackendFactory[]): Promise<SelectedBackend> {
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

function select(backend: AttentionBackend): SelectedBackend {
  const { engine, engineKernels = [], kernels } = backend;
  selections.get(engine)?.deactivate();
  for (const op of Object.values(OPS)) registerOpGradient(op);
  registerEinsumGradient();
  const fused = Object.values(OPS).flatMap((op) => {
    const own: OpKernels<OpTypes> | undefined = kernels[op.name];
    return own === undefined ? [] : fusedKernels(op, own);
  });
  const restore = overrideKernels(engine, [...fused, ...engineKernels]);
  let disposal: Promise<void> | undefined;
  const reasonsAgainst: Selection['reasonsAgainst'] = (op, request) => {
    const undeclared = undeclaredReasons(op, request, backend);
    return undeclared.length > 0 ? undeclared : (backend.unsupportedReasons?.(request as OpRequest) ?? []);
  };
  const selected: SelectedBackend = {
    specVersion: backend.specVersion,
    name: backend.name,
    engine,
    kernels,
    takes: backend.takes,
    capabilities: backend.capabilities,
    engineKernels,
    ...(backend.readsByPromise && { readsByPromise: true }),
    ...(backend.compileAhead && { compileAhead: (work) => backend.compileAhead!(work) }),
    ...(backend.recorder && { recorder: backend.recorder }),
    unsupportedReasons: (request) => {
      if (disposal !== undefined) {
        throw new HeedError('DISPOSED', { message: `backend '${backend.name}' was disposed`, hint: 'select it again' });
      }
      const op: Op | undefined = OPS[request.op];
      return op === undefined ? [`there is no op '${String(request.op)}'`] : reasonsAgainst(op, request);
    },
    dispose: () => {
      selection.deactivate();
      disposal ??= backend.dispose();
      return disposal;
    },
  };
  const selection: Selection = {
    backend: selected,
    reasonsAgainst,
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
  const { specVersion, kernels, takes, capabilities, dispose } = Object(backend) as Partial<AttentionBackend>;
  const reasons = [
    ...(specVersion === 1 ? [] : [`specVersion is ${String(specVersion)}, not 1`]),
    ...(['name', 'engine'] as const).flatMap((key) =>
      typeof backend?.[key] === 'string' ? [] : [`${key} is missing`],
    ),
    ...(typeof dispose === 'function' ? [] : ['dispose() is missing']),
    ...Object.entries({ kernels, takes, capabilities }).flatMap(([key, value]) =>
      typeof value === 'object' && value !== null ? [] : [`${key} is missing`],
    ),
    ...Object.values(OPS).flatMap((op) => missingPasses(op.name, kernels?.[op.name])),
  ];
  if (reasons.length > 0) {
    throw new HeedError('BACKEND_INVALID', {
      message: `backend '${name}' can't be used: ${reasons.join(', ')}`,
      hint: 'see AttentionBackend in @heed/core',
      details: { reasons },
    });
  }
}

/** An op has kernels for both passes or for none. */
const missingPasses = (op: OpName, kernels: Partial<OpKernels<OpTypes>> | undefined): string[] =>
  kernels === undefined
    ? []
    : (['forward', 'backward'] as const).flatMap((pass) =>
        typeof kernels?.[pass] === 'function' ? [] : [`kernels.${op}.${pass}() is missing`],
      );
