import { checkTensor, checkOptions } from '@heed/core';
import type { Parameters } from '../layers/parameters.js';
import type { Graph, GraphTensors } from './graph.js';

/**
 * A model's graphs, which refuse what they can't be given.
 *
 * @param what names the model in messages
 * @param parameters of the model: nothing is computed when they are gone
 */
export function guardedGraphs(
  what: string,
  parameters: Pick<Parameters, 'assertAlive'>,
  graphs: () => readonly Graph[],
): readonly Graph[] {
  parameters.assertAlive(`${what}: graphs`);
  return graphs().map((graph) => guarded(graph, `${what}: ${graph.name}`, parameters));
}

const guarded = (graph: Graph, call: string, parameters: Pick<Parameters, 'assertAlive'>): Graph => ({
  ...graph,
  run(inputs) {
    parameters.assertAlive(call);
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
