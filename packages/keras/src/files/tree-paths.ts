import { LayersModel, type layers, type LayerVariable } from '@tensorflow/tfjs-layers';
import type { Graph } from '../graph/graph.js';
import { snakeCase } from './snake-case.js';
import { KerasLayer } from '../layers/keras-layer.js';

/** A weight with its place in the group of its layer: 'query_dense/vars/0'. */
interface PlacedWeight {
  readonly place: string;
  readonly weight: LayerVariable;
}

/** Sublayers of Keras that are weights of one layer here, by what comes before the last part of a weight's name. */
const DENSE: Readonly<Record<string, string>> = {
  query: 'query_dense',
  key: 'key_dense',
  value: 'value_dense',
  gate: 'gate_dense',
  attention_output: 'output_dense',
};

/** Layers whose projections are sublayers in Keras, with what their attributes begin with. */
const WITH_HEADS: Readonly<Record<string, string>> = {
  MultiHeadAttention: '',
  GroupQueryAttention: '_',
  GroupedQueryAttention: '_',
};

/** Layers whose weights are those of a cell. */
const CELLED: ReadonlySet<string> = new Set(['LSTM', 'GRU', 'SimpleRNN']);

/**
 * Where Keras 3 keeps the weights of a layer: its own at `vars/0`, `vars/1`, …, those of sublayers under the names of their attributes.
 *
 * @see Keras 3, saving/saving_lib.py
 */
function treePlaces(layer: layers.Layer, className: string): PlacedWeight[] {
  if (Object.hasOwn(WITH_HEADS, className)) return densePlaces(layer, WITH_HEADS[className]!);
  const sublayers =
    layer instanceof LayersModel ? countedLayers(layer) : layer instanceof KerasLayer ? [...layer.sublayers] : [];
  const inner = sublayers.flatMap(([attribute, one]) =>
    treePlaces(one, classOf(one)).map((placed) => within(attribute, placed)),
  );
  const taken = new Set(inner.map(({ weight }) => weight));
  const own = layer.weights.filter((weight) => !taken.has(weight));
  const group = CELLED.has(className) ? 'cell/vars' : 'vars';
  return [...own.map((weight, n) => ({ place: `${group}/${n}`, weight })), ...inner];
}

/** Layers of a model of TensorFlow.js that is part of a layer, each by its group: 'layers/dense_1'. */
function countedLayers({ layers: inner }: LayersModel): (readonly [group: string, layer: layers.Layer])[] {
  const groupOf = counter();
  return inner.map((layer) => [`layers/${groupOf(classOf(layer))}`, layer]);
}

const within = (attribute: string, { place, weight }: PlacedWeight): PlacedWeight => ({
  place: `${attribute}/${place}`,
  weight,
});

const classOf = (layer: layers.Layer): string => layer.getClassName();

function densePlaces(layer: layers.Layer, start: string): PlacedWeight[] {
  const counts = new Map<string, number>();
  return layer.weights.map((weight) => {
    const [part = ''] = weight.originalName.split('/').slice(-2);
    const n = counts.get(part) ?? 0;
    counts.set(part, n + 1);
    return { place: `${start}${DENSE[part] ?? part}/vars/${n}`, weight };
  });
}

/** Classes that Python calls otherwise than files do. */
const PYTHON: Readonly<Record<string, string>> = { Model: 'Functional', GroupQueryAttention: 'GroupedQueryAttention' };

/** Names of groups: the class in snake case, from the second on with a count. */
function counter(): (className: string) => string {
  const counts = new Map<string, number>();
  return (className) => {
    const base = snakeCase(PYTHON[className] ?? className);
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    return count === 0 ? base : `${base}_${count}`;
  };
}

/** A weight of a model with its dataset in the layout of Keras 3. */
export interface PlacedInFile {
  /** Name of its layer. */
  readonly layer: string;
  readonly weight: LayerVariable;
  /** 'layers/multi_head_attention_1/query_dense/vars/0' */
  readonly dataset: string;
}

/**
 * Where Keras 3 keeps the weights of a model: in a group for each layer by its class and count, in the order of the file; ops have none, and
 * a layer that several models share is kept where it comes first.
 *
 * @param root 'layers', or what older versions had for it
 */
export function graphPlaces(graph: Graph, root: string, seen: Set<object> = new Set()): PlacedInFile[] {
  const groupOf = counter();
  const members = graph.members.filter(({ layer, graph: inner }) => layer !== undefined || inner !== undefined);
  return members.flatMap(({ spec, layer, graph: inner }) => {
    const group = `${root}/${groupOf(spec.className)}`;
    if (inner !== undefined) return graphPlaces(inner, `${group}/layers`, seen);
    if (seen.has(layer!)) return [];
    seen.add(layer!);
    return treePlaces(layer!, spec.className).map(({ place, weight }) => ({
      layer: spec.name,
      weight,
      dataset: `${group}/${place}`,
    }));
  });
}
