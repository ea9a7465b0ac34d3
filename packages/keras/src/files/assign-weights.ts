import { HeedError } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import type { layers, LayerVariable } from '@tensorflow/tfjs-layers';
import type { Graph } from '../graph/graph.js';
import type { StoredWeight } from './hdf5-file.js';
import { invalid } from './invalid.js';
import { graphPlaces } from './tree-paths.js';
import { legacyPaths, type WeightStore } from './weight-store.js';

/** A weight of a model, and where the file has its numbers. */
interface Assignment {
  readonly layer: string;
  readonly weight: LayerVariable;
  readonly dataset: string;
  readonly read: () => StoredWeight;
}

/**
 * Gives the weights of a graph the numbers of a file. All shapes are checked before the first is changed.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE with layer and dataset
 */
export function assignWeights(graph: Graph, store: WeightStore): void {
  const assignments = assignmentsOf(graph, store);
  const assigned = new Set(assignments.map(({ weight }) => weight));
  const left = graph.layers.flatMap((layer) =>
    layer.weights.filter((weight) => !assigned.has(weight)).map(({ originalName }) => `${layer.name}: ${originalName}`),
  );
  if (left.length > 0)
    throw invalid(
      `the file has no weights for ${left.slice(0, 5).join('; ')}${left.length > 5 ? ` and ${left.length - 5} more` : ''}`,
    );
  const read = assignments.map(({ layer, weight, dataset, read }) => {
    const stored = read();
    if (stored.shape.join() !== weight.shape.join())
      throw new HeedError('FILE_INVALID', {
        message: `layer ${layer}: dataset ${dataset} is [${stored.shape}], and the weight ${weight.originalName} is [${weight.shape}]`,
        details: { layer, dataset, shape: stored.shape, expected: weight.shape },
      });
    return { weight, stored };
  });
  for (const { weight, stored } of read) tf.tidy(() => void weight.write(tf.tensor(stored.values, [...stored.shape])));
}

function assignmentsOf(graph: Graph, store: WeightStore): Assignment[] {
  if (store.layout === 'tree') return treeAssignments(graph, store);
  return store.layout === 'legacy' ? legacyAssignments(graph, store) : namedAssignments(graph, store.weights);
}

type Tree = Extract<WeightStore, { readonly layout: 'tree' }>;

function treeAssignments(graph: Graph, { file, root }: Tree): Assignment[] {
  const assignments = graphPlaces(graph, root).map(({ layer, weight, dataset: place }) => {
    const dataset = PRIVATE.map((write) => write(place)).find((path) => file.has(path));
    if (dataset === undefined)
      throw invalid(`layer ${layer}: the file has no dataset ${place} for ${weight.originalName}`);
    return { layer, weight, dataset, read: () => file.weight(dataset) };
  });
  const taken = new Set(assignments.map(({ dataset }) => dataset));
  for (const { layer, dataset } of assignments) {
    const group = dataset.slice(0, dataset.lastIndexOf('/'));
    const extra = file.names(group).find((name) => !taken.has(`${group}/${name}`));
    if (extra !== undefined)
      throw invalid(`layer ${layer}: the file has a dataset ${group}/${extra}, and the layer has no such weight`);
  }
  return assignments;
}

/** Ways to write the attributes of projections, which were private in earlier versions: `_query_dense`. */
const PRIVATE: readonly ((dataset: string) => string)[] = [
  (dataset) => dataset,
  (dataset) => dataset.replaceAll(/\/(?=\w+_dense\/vars\/)/g, '/_'),
];

type Legacy = Extract<WeightStore, { readonly layout: 'legacy' }>;

/** Weights of a layer as Keras lists them: those that train before the others. */
const inOrder = (list: readonly layers.Layer[]): LayerVariable[] => [
  ...list.flatMap(({ trainableWeights }) => trainableWeights),
  ...list.flatMap(({ nonTrainableWeights }) => nonTrainableWeights),
];

function legacyAssignments(graph: Graph, { file, root }: Legacy): Assignment[] {
  return graph.members.flatMap(({ spec, layer, graph: inner }) => {
    const weights = inOrder(layer === undefined ? (inner?.layers ?? []) : [layer]);
    if (weights.length === 0) return [];
    const group = root === '' ? spec.name : `${root}/${spec.name}`;
    const datasets = legacyPaths(file, group);
    if (datasets.length !== weights.length)
      throw invalid(
        `layer ${spec.name}: the file has ${datasets.length} weights in ${group}, and the layer has ${weights.length}`,
      );
    return weights.map((weight, n) => {
      const dataset = datasets[n]!;
      return { layer: spec.name, weight, dataset, read: () => file.weight(dataset) };
    });
  });
}

/**
 * Weights of TensorFlow.js's shards. The converter writes them as the legacy layout has them, layer by layer; others are told by the name of
 * their layer, which is a part of their own.
 */
function namedAssignments(graph: Graph, stored: ReadonlyMap<string, StoredWeight>): Assignment[] {
  const take = (layer: string, weight: LayerVariable, dataset: string): Assignment => ({
    layer,
    weight,
    dataset,
    read: () => stored.get(dataset)!,
  });
  const names = [...stored.keys()];
  const wanted = graph.members.flatMap(({ spec, layer, graph: inner }) =>
    inOrder(layer === undefined ? (inner?.layers ?? []) : [layer]).map((weight) => ({ layer: spec.name, weight })),
  );
  const fits = ({ weight }: (typeof wanted)[number], n: number): boolean =>
    stored.get(names[n]!)!.shape.join() === weight.shape.join() && lastOf(names[n]!) === lastOf(weight.originalName);
  if (wanted.length === names.length && wanted.every(fits)) {
    return wanted.map(({ layer, weight }, n) => take(layer, weight, names[n]!));
  }
  return graph.members.flatMap(({ spec, layer, graph: inner }) => {
    if (inner !== undefined) return namedAssignments(inner, stored);
    if (layer === undefined || layer.weights.length === 0) return [];
    const own = names.filter((name) => name.split('/').includes(spec.name));
    const weights = inOrder([layer]);
    if (own.length !== weights.length)
      throw invalid(
        `layer ${spec.name}: the shards have ${own.length} weights of that name, and the layer has ${weights.length}`,
      );
    return weights.map((weight, n) => take(spec.name, weight, own[n]!));
  });
}

/** What a weight is within its layer: 'kernel'. */
const lastOf = (name: string): string =>
  name
    .split('/')
    .at(-1)!
    .replace(/(?:_\d+)?(?::0)?$/, '');
