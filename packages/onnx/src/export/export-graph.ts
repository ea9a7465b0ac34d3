import { HeedError, checkOptions, show, type OptionNames } from '@heed/core';
import type { ExportOptions, Graph } from './graph.js';
import type { AxisSource, Port } from './graph-writer.js';
import { Lowering } from './lowering.js';
import { encodeGraph } from './model.js';
import type { Assignment, Limits } from './sizes.js';
import { withTracer } from './trace-engine.js';
import { Traces } from './traces.js';

const OPTIONS: OptionNames<ExportOptions> = { longest: true, shortest: true };
const LONGEST = 512;

/**
 * The bytes of an ONNX model (opset 23) that computes what a graph does. The graph is run on an engine that records what TensorFlow.js is told
 * to compute, at several sizes of its free axes, and what differs between them is computed from the sizes of the inputs. The engine in use, and
 * all tensors, are what they were afterwards.
 *
 * @throws HeedError INVALID_ARGUMENT where the graph reads numbers that depend on its inputs, does something else for other sizes, or uses
 * an op that has no form in ONNX; UNKNOWN_OPTION; BACKEND_UNAVAILABLE without an engine
 * @see https://onnx.ai/onnx/repo-docs/IR.html
 */
export async function exportGraph(graph: Graph, options: ExportOptions = {}): Promise<Uint8Array> {
  checkOptions('exportGraph', options, OPTIONS);
  const axes = axesOf(graph);
  const limits = limitsOf(axes, options);
  return withTracer((tracer) => {
    const traces = new Traces(graph, tracer, limits);
    const lowering = new Lowering(traces, axes);
    const { write } = lowering;
    for (const name of Object.keys(graph.inputs)) write.nameFor(name);
    const { outputs } = traces.base;
    checkNames(graph, Object.keys(outputs));
    for (const name of Object.keys(outputs)) write.nameFor(name);
    for (const [name, { dtype }] of Object.entries(graph.inputs)) if (dtype === 'int64') lowering.narrow(name);
    const ports = Object.entries(outputs).map(([name, value]): Port => {
      write.rename(lowering.nameOf(value), name);
      const shapes = traces.all(value).map(({ shape }) => shape);
      const shape = shapes[0].map((_, axis) => write.describe(shapes.map((one) => one[axis])));
      return { name, type: value.dtype, shape };
    });
    const inputs = Object.entries(graph.inputs).map(([name, { shape, dtype }]): Port => ({ name, type: dtype, shape }));
    return encodeGraph({ name: graph.name, nodes: write.nodes, inputs, outputs: ports }, write.initializers);
  });
}

function checkNames({ inputs }: Graph, outputs: readonly string[]): void {
  const twice = outputs.find((name) => Object.hasOwn(inputs, name));
  if (twice === undefined && outputs.length > 0) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `exportGraph: ${twice === undefined ? 'the graph has no outputs' : `'${twice}' is an input and an output`}`,
    hint: 'give outputs, under names of their own',
  });
}

/** Where each free axis stands first. */
function axesOf({ inputs }: Graph): Readonly<Record<string, AxisSource>> {
  const axes: Record<string, AxisSource> = {};
  for (const [input, { shape }] of Object.entries(inputs)) {
    shape.forEach((size, axis) => {
      if (typeof size === 'string') axes[size] ??= { input, axis };
    });
  }
  return axes;
}

function limitsOf(axes: Readonly<Record<string, AxisSource>>, { shortest = {}, longest = {} }: ExportOptions): Limits {
  const names = Object.keys(axes);
  for (const [limit, given] of Object.entries({ shortest, longest })) {
    for (const [axis, size] of Object.entries(given)) {
      const least = limit === 'shortest' ? 0 : Math.max(1, shortest[axis] ?? 1);
      if (names.includes(axis) && Number.isSafeInteger(size) && size >= least) continue;
      throw new HeedError('INVALID_ARGUMENT', {
        message: `exportGraph: ${limit}: ${axis} is ${show(size)}`,
        hint: `give whole numbers from ${least} on by the names of free axes, which are ${names.join(', ') || 'none here'}`,
      });
    }
  }
  const all = (of: (axis: string) => number): Assignment => Object.fromEntries(names.map((axis) => [axis, of(axis)]));
  return {
    shortest: all((axis) => shortest[axis] ?? Math.min(1, longest[axis] ?? 1)),
    longest: all((axis) => longest[axis] ?? Math.max(LONGEST, shortest[axis] ?? 1)),
  };
}
