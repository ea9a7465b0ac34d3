import { zipSync } from 'fflate';
import { keras3Config } from './files/keras3-config.js';
import { graphPlaces } from './files/tree-paths.js';
import { writeHdf5, type Hdf5Content, type WrittenDataset } from './files/hdf5/write-hdf5.js';
import type { KerasModel } from './graph/keras-model.js';

/** The version of Keras whose layout is written. */
const KERAS_VERSION = '3.15.1';

/** The earliest date that a zip archive can have, so that the same model makes the same bytes. */
const DATE = '1980-01-01T00:00:00';

/**
 * The bytes of a `.keras` file, which Keras 3 loads: the model's configuration as it came, and its weights as they are now, to the bit. The
 * same model makes the same bytes.
 *
 * @throws HeedError INVALID_ARGUMENT for models with ops of Keras 2
 */
export async function saveKeras(model: KerasModel): Promise<Uint8Array> {
  const config = keras3Config(model.topology, model.graph);
  const root = emptyGroup();
  for (const { weight, dataset } of graphPlaces(model.graph, 'layers')) {
    const values = (await weight.read().data()) as Float32Array;
    const parts = dataset.split('/');
    const group = parts.slice(0, -1).reduce((at, name) => (at.groups[name] ??= emptyGroup()), root);
    group.datasets[parts.at(-1)!] = { shape: weight.shape as number[], values: Float32Array.from(values) };
  }
  const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const entries = {
    'metadata.json': text({ keras_version: KERAS_VERSION, date_saved: DATE.replace('T', '@') }),
    'config.json': text(config),
    'model.weights.h5': writeHdf5(root),
  };
  // Stored as it is, as Keras does: weights don't get smaller.
  return zipSync(entries, { level: 0, mtime: new Date(DATE) });
}

interface Group extends Hdf5Content {
  readonly groups: Record<string, Group>;
  readonly datasets: Record<string, WrittenDataset>;
}

// Without a prototype, since names are a file's.
const emptyGroup = (): Group => ({
  groups: Object.create(null) as Group['groups'],
  datasets: Object.create(null) as Group['datasets'],
});
