import { checkTensor, checkOptions } from '@heed/core';
import type { Graph, GraphTensors } from './graph.js';

/**
 * A model's graphs, which refuse what they can't be given.
 *
 * @param what names the model in messages
 * @param assertAlive throws DISPOSED when its parameters are gone
 */
export function guardedGraphs(
  what: string,
  assertAlive: (call: string) => void,
  graphs: () => readonly Graph[],
): readonly Graph[] {
  assertAlive(`${what}: graphs`);
  return graphs().map((graph) => guarded(graph, `${what}: ${graph.name}`, assertAlive));
}

const guarded = (graph: Graph, call: string, assertAlive: (call: string) => void): Graph => ({
  ...graph,
  run(inputs) {
    assertAlive(call);
    checkInputs(call, graph, inputs);
    return graph.run(inputs);
  },
});

/** @throws HeedError INVALID_ARGUMENT, UNKNOWN_OPTION, SHAPE_MISMATCH, DTYPE_UNSUPPORTED, DISPOSED */
function checkInputs(call: string, { inputs }: Graph, given: GraphTensors): void {
  checkOptions(call, given, Object.fromEntries(Object.keys(inputs).map((name) => [name, true])));
  const sizes: Record<string, number> = {};
  for (const [name, { shape, dtype }] of Object.entries(inputs)) {
    const axes = shape.map((axis) => (typeof axis === 'string' ? (sizes[axis] ?? axis) : axis));
    checkTensor(`${call}: ${name}`, given[name], { axes, dtype });
    axes.forEach((axis, n) => {
      if (typeof axis === 'string') sizes[axis] = given[name].shape[n];
    });
  }
}
