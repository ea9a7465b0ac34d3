import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { HeedError, selectBackend } from '@heed/core';
import { SCAN_KERNEL, type ScanAttributes } from '@heed/core/model-ops';
import type { Assignment } from './sizes.js';
import type { Graph } from './graph.js';
import { recordingBackend } from './heed-backend.js';
import { ENGINE_KERNELS } from './kernels/index.js';
import type { Kernel } from './kernels/kernel.js';
import { STOPPED, TraceBackend } from './trace-backend.js';
import type { TracedValue, Values } from './traced.js';
import { underlying } from './underlying.js';

/** A graph as it was called with sizes. */
export interface Trace {
  readonly sizes: Assignment;
  readonly outputs: Readonly<Record<string, TracedValue>>;
  /** Numbers that the host wrote, in order. */
  readonly written: readonly TracedValue[];
}

export interface Tracer {
  trace(graph: Graph, sizes: Assignment): Trace;
  /** The first numbers that the host writes, so many of them, without what comes after. */
  written(graph: Graph, sizes: Assignment, count: number): readonly TracedValue[];
  /** The numbers of a value that depends on no input. */
  evaluate(value: TracedValue): Values;
  /** Whether `evaluate` can. */
  canEvaluate(value: TracedValue): boolean;
}

const ENGINE = 'heed-onnx';

let isTracing = false;

/**
 * Traces graphs with the engine that records in use, and puts the one that was in use back. `use` may not wait: meanwhile others would
 * compute on an engine that can't.
 */
export async function withTracer<T>(use: (tracer: Tracer) => T): Promise<T> {
  const engine = await engineInUse();
  if (isTracing) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: 'exportGraph: another graph is being exported',
      hint: 'export one after the other',
    });
  }
  isTracing = true;
  const under = underlying(engine);
  const backend = new TraceBackend(under);
  tf.registerBackend(ENGINE, () => backend, 0);
  const unregister = registerKernels(backend, engine);
  try {
    const selected = await selectBackend(recordingBackend(ENGINE, backend));
    try {
      return use({
        trace: (graph, sizes) => traceOf(backend, graph, sizes),
        written: (graph, sizes, count) => writtenIn(backend, graph, sizes, count),
        evaluate: under.evaluate,
        canEvaluate: under.canEvaluate,
      });
    } finally {
      await selected.dispose();
    }
  } finally {
    await tf.setBackend(engine);
    unregister();
    tf.removeBackend(ENGINE);
    isTracing = false;
  }
}

/** @throws HeedError BACKEND_UNAVAILABLE where TensorFlow.js has no engine */
async function engineInUse(): Promise<string> {
  try {
    await tf.ready();
    return tf.getBackend();
  } catch (cause) {
    throw new HeedError('BACKEND_UNAVAILABLE', {
      message: 'exportGraph: TensorFlow.js has no engine, which what is constant in a model is computed by',
      hint: 'select a backend, or import one, such as @tensorflow/tfjs-backend-cpu',
      cause,
    });
  }
}

/** Registers all kernels that can be recorded, and those of the engine in use for what depends on no input; returns what takes them away. */
function registerKernels(backend: TraceBackend, engine: string): () => void {
  const record = (kernelName: string, { infer }: Pick<Kernel, 'infer'>): KernelFunc => {
    return ({ inputs = {}, attrs = {} }) => {
      const given = inputs as Readonly<Record<string, TensorInfo>>;
      const outputs = backend.record(kernelName, given, attrs, infer(given, attrs));
      return isList(kernelName) ? outputs : outputs[0];
    };
  };
  const loop: KernelFunc = ({ inputs = {}, attrs = {} }) =>
    backend.recordLoop(SCAN_KERNEL, inputs, attrs as unknown as ScanAttributes);
  const host = (kernelName: string): KernelFunc => {
    return ({ inputs = {}, attrs = {} }) => backend.compute(kernelName, inputs, attrs);
  };
  const others = tf.getKernelsForBackend(engine).map(({ kernelName }) => kernelName);
  // Heed's own would take the place of what they are composed of.
  const onHost = others.filter((name) => !Object.hasOwn(ENGINE_KERNELS, name) && !/^heed/i.test(name));
  const kernels = [
    ...Object.entries(ENGINE_KERNELS).map(([kernelName, kernel]) => [kernelName, record(kernelName, kernel)] as const),
    [SCAN_KERNEL, loop] as const,
    ...onHost.map((kernelName) => [kernelName, host(kernelName)] as const),
  ];
  for (const [kernelName, kernelFunc] of kernels) tf.registerKernel({ kernelName, backendName: ENGINE, kernelFunc });
  return () => {
    for (const [kernelName] of kernels) tf.unregisterKernel(kernelName, ENGINE);
  };
}

/** Whether TensorFlow.js takes a list of a kernel's outputs. */
const isList = (kernel: string): boolean => kernel === 'Unpack' || kernel === 'SplitV' || kernel === 'TopK';

function traceOf(backend: TraceBackend, graph: Graph, sizes: Assignment): Trace {
  const outputs: Record<string, TracedValue> = {};
  backend.takeWritten();
  tf.tidy(() => {
    const inputs = Object.entries(graph.inputs).map(([name, { shape, dtype }]) => {
      const known = shape.map((size) => (typeof size === 'string' ? sizes[size] : size));
      return [name, backend.input(name, { shape: known, dtype: dtype === 'int64' ? 'int32' : dtype })] as const;
    });
    const made = graph.run(Object.fromEntries(inputs));
    for (const [name, tensor] of Object.entries(made)) outputs[name] = backend.traced(tensor);
  });
  return { sizes, outputs, written: backend.takeWritten() };
}

function writtenIn(backend: TraceBackend, graph: Graph, sizes: Assignment, count: number): readonly TracedValue[] {
  try {
    return backend.stoppingAfter(count, () => traceOf(backend, graph, sizes).written);
  } catch (error) {
    if (error !== STOPPED) throw error;
    return backend.takeWritten();
  }
}
