import { readHdf5, type Hdf5Dataset, type Hdf5Group } from './hdf5/read-hdf5.js';
import { invalid } from './invalid.js';

/** Numbers of a weight, as a file has them. */
export interface StoredWeight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** An HDF5 file, read as untrusted, by the paths of its groups and datasets. */
export class Hdf5File {
  readonly #root: Hdf5Group;

  /** @throws HeedError FILE_INVALID */
  constructor(bytes: Uint8Array, maxBytes: number) {
    this.#root = readHdf5('the HDF5 file', bytes, maxBytes);
  }

  /** Names in a group; none where there is no such group. */
  names(path: string): readonly string[] {
    const group = this.#group(path);
    return group === undefined ? [] : [...group.groups.keys(), ...group.datasets.keys()];
  }

  /** An attribute of a group; undefined where either is missing. Lists of texts that were split into chunks are joined. */
  attribute(path: string, name: string): string | readonly string[] | undefined {
    const attributes = this.#group(path)?.attributes;
    const whole = attributes?.get(name);
    if (attributes === undefined || whole !== undefined) return whole;
    // Keras splits lists of names that are too long for one attribute.
    if (!attributes.has(`${name}0`)) return undefined;
    const chunks: string[] = [];
    for (let n = 0; attributes.has(`${name}${n}`); n++) chunks.push(...[attributes.get(`${name}${n}`)!].flat());
    return chunks;
  }

  has(path: string): boolean {
    return this.#dataset(path) !== undefined;
  }

  /** Shapes of all datasets. */
  shapes(): readonly (readonly number[])[] {
    const within = ({ groups, datasets }: Hdf5Group): (readonly number[])[] => [
      ...[...datasets.values()].map(({ shape }) => shape),
      ...[...groups.values()].flatMap(within),
    ];
    return within(this.#root);
  }

  /**
   * A weight.
   *
   * @throws HeedError FILE_INVALID, FILE_TOO_LARGE, DTYPE_UNSUPPORTED
   */
  weight(path: string): StoredWeight {
    const found = this.#dataset(path);
    if (found === undefined) throw invalid(`the HDF5 file has no dataset ${path}`);
    return { shape: found.shape, values: found.values() };
  }

  #group(path: string): Hdf5Group | undefined {
    return partsOf(path).reduce<Hdf5Group | undefined>((group, name) => group?.groups.get(name), this.#root);
  }

  #dataset(path: string): Hdf5Dataset | undefined {
    const parts = partsOf(path);
    return this.#group(parts.slice(0, -1).join('/'))?.datasets.get(parts.at(-1) ?? '');
  }
}

const partsOf = (path: string): readonly string[] => path.split('/').filter((part) => part !== '');
