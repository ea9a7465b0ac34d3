import type { Hdf5File, StoredWeight } from './hdf5-file.js';
import { listOf, textOf } from './read-json.js';

/** Where a model's weights lie in a file, in one of Keras's layouts. */
export type WeightStore =
  /** `.keras` and `.weights.h5` of Keras 3: a group for each layer by its class. */
  | { readonly layout: 'tree'; readonly file: Hdf5File; readonly root: string }
  /** `.h5` and weights of Keras 2: a group for each layer by its name, with a list of its weights. */
  | { readonly layout: 'legacy'; readonly file: Hdf5File; readonly root: string }
  /** Shards of TensorFlow.js: weights by their names. */
  | { readonly layout: 'named'; readonly weights: ReadonlyMap<string, StoredWeight> };

/** Which layout an HDF5 file of weights has. */
export function weightStoreOf(file: Hdf5File): WeightStore {
  for (const root of ['model_weights', ''])
    if (file.attribute(root, 'layer_names') !== undefined) return { layout: 'legacy', file, root };
  // Sequential models of Keras 3 before 3.0.? wrote `_layer_checkpoint_dependencies`.
  const root = ['layers', '_layer_checkpoint_dependencies'].find((name) => file.names(name).length > 0) ?? 'layers';
  return { layout: 'tree', file, root };
}

/** Datasets of a layer in the legacy layout, in the order of its weights. */
export function legacyPaths(file: Hdf5File, group: string): readonly string[] {
  const names = file.attribute(group, 'weight_names');
  if (names === undefined) return [];
  return listOf(`weight_names of ${group}`, names).map((name) => `${group}/${textOf(`a name in ${group}`, name)}`);
}

/** Number of all numbers in a store, those of an optimizer too. */
export function sizeOfStore(store: WeightStore): number {
  const shapes = store.layout === 'named' ? [...store.weights.values()].map(({ shape }) => shape) : store.file.shapes();
  return shapes.reduce((sum, shape) => sum + shape.reduce((size, length) => size * length, 1), 0);
}
