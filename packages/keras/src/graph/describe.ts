import type { layers } from '@tensorflow/tfjs-layers';
import type { Graph } from './graph.js';

/** One line of a model's description. */
export interface DescribedLayer {
  /** Names of the models around it and its own. */
  readonly path: readonly string[];
  readonly className: string;
  /** How often the graph calls it. */
  readonly calls: number;
  readonly parameters: number;
  readonly trainable: number;
  readonly weights: readonly { readonly name: string; readonly shape: readonly (number | null)[] }[];
}

const sizeOf = (list: readonly { readonly shape: readonly (number | null)[] }[]): number =>
  list.reduce((sum, { shape }) => sum + shape.reduce<number>((size, length) => size * (length ?? 0), 1), 0);

/** All layers of a graph in the order of the file, those of models in it after the model. */
export function describeLayers(graph: Graph, path: readonly string[] = []): DescribedLayer[] {
  return graph.members.flatMap(({ spec, layer, graph: inner }) => {
    const own =
      layer === undefined
        ? { weights: [], trainableWeights: [] }
        : (layer as Pick<layers.Layer, 'weights' | 'trainableWeights'>);
    const line: DescribedLayer = {
      path: [...path, spec.name],
      className: spec.className,
      calls: spec.calls.length,
      parameters: sizeOf(own.weights),
      trainable: sizeOf(own.trainableWeights),
      weights: own.weights.map(({ originalName, shape }) => ({ name: originalName, shape })),
    };
    return [line, ...(inner === undefined ? [] : describeLayers(inner, line.path))];
  });
}

/** A model as lines of a table. */
export function describeModel(graph: Graph, width = 79): string[] {
  const rows = describeLayers(graph).map(
    ({ path, className, parameters }) => [path.join('/'), className, String(parameters)] as const,
  );
  const rule = '─'.repeat(width);
  const columns = [Math.floor(width * 0.45), Math.floor(width * 0.4)];
  const line = ([name, kind, count]: readonly [string, string, string]): string =>
    `${name.slice(0, columns[0]! - 1).padEnd(columns[0]!)}${kind.slice(0, columns[1]! - 1).padEnd(columns[1]!)}${count.padStart(width - columns[0]! - columns[1]!)}`;
  const total = describeTotal(graph);
  return [
    rule,
    line(['Layer', 'Class', 'Parameters']),
    rule,
    ...rows.map(line),
    rule,
    `Parameters: ${total.parameters}, trainable: ${total.trainable}`,
    rule,
  ];
}

/** How many parameters there are; those of a layer with several names count once. */
export function describeTotal(graph: Graph): { readonly parameters: number; readonly trainable: number } {
  const { layers } = graph;
  return {
    parameters: sizeOf(layers.flatMap(({ weights }) => weights)),
    trainable: sizeOf(layers.flatMap(({ trainableWeights }) => trainableWeights)),
  };
}
