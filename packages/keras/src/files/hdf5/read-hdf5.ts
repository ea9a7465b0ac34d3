import { invalidAt } from '../invalid.js';
import { readAttributes, type Attributes } from './attributes.js';
import { ByteReader } from './byte-reader.js';
import { readDatasetHeader, readValues } from './dataset.js';
import { readLinks } from './links.js';
import { MESSAGE, readObjectHeader } from './object-header.js';

/** A group of an HDF5 file: other groups, datasets, and texts that describe it. */
export interface Hdf5Group {
  /** Names from the root, joined by slashes; empty for the root. */
  readonly path: string;
  readonly groups: ReadonlyMap<string, Hdf5Group>;
  readonly datasets: ReadonlyMap<string, Hdf5Dataset>;
  readonly attributes: Attributes;
}

export interface Hdf5Dataset {
  readonly path: string;
  readonly shape: readonly number[];
  /** Values as float32, in row-major order. */
  values(): Float32Array;
}

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** True where bytes begin as an HDF5 file does. */
const isHdf5 = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, index) => bytes[index] === byte);

// Deeper and larger than any model's files, and small enough for a stack and a memory.
const MOST_LEVELS = 48;
const MOST_OBJECTS = 200_000;

/**
 * Reads the structure of an untrusted HDF5 file, as Keras writes it through h5py; values are read when they are asked for.
 *
 * @param name  the file's name, for messages
 * @param maxBytes  most bytes that one dataset may take
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE, DTYPE_UNSUPPORTED
 * @see https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
 */
export function readHdf5(name: string, bytes: Uint8Array, maxBytes: number): Hdf5Group {
  if (!isHdf5(bytes)) throw invalidAt(name, 'it is not an HDF5 file');
  const file = new ByteReader(name, bytes);
  const visited = new Set<number>();

  const readGroup = (path: string, at: number, level: number): Hdf5Group => {
    const messages = readObjectHeader(file, at);
    const groups = new Map<string, Hdf5Group>();
    const datasets = new Map<string, Hdf5Dataset>();
    for (const [member, address] of readLinks(file, messages)) {
      const inner = path === '' ? member : `${path}/${member}`;
      if (visited.has(address)) throw invalidAt(`${name}/${inner}`, 'it occurs twice in the file');
      visited.add(address);
      if (visited.size > MOST_OBJECTS || level > MOST_LEVELS)
        throw invalidAt(`${name}/${inner}`, 'too many groups and datasets');
      if (isDataset(file, address)) datasets.set(member, readDataset(inner, address));
      else groups.set(member, readGroup(inner, address, level + 1));
    }
    return { path, groups, datasets, attributes: readAttributes(file, messages) };
  };

  const readDataset = (path: string, at: number): Hdf5Dataset => {
    const header = readDatasetHeader(file, readObjectHeader(file, at));
    return { path, shape: header.shape, values: () => readValues(file, `${name}/${path}`, header, maxBytes) };
  };

  const root = rootOf(file);
  visited.add(root);
  return readGroup('', root, 0);
}

const isDataset = (file: ByteReader, at: number): boolean =>
  readObjectHeader(file, at).some(({ type }) => type === MESSAGE.layout);

/** Address of the root group's header, from the superblock (II). */
function rootOf(file: ByteReader): number {
  const version = file.u8(8);
  const old = version < 2;
  const [offsetBytes, lengthBytes] = old ? [file.u8(13), file.u8(14)] : [file.u8(9), file.u8(10)];
  if (version > 3 || offsetBytes !== 8 || lengthBytes !== 8) {
    throw invalidAt(
      file.name,
      `a superblock of version ${version} with addresses of ${offsetBytes} bytes, which isn't read here`,
    );
  }
  const base = old ? 24 + (version === 1 ? 4 : 0) : 12;
  if (file.u64(base) !== 0) throw invalidAt(file.name, 'an HDF5 file within another file');
  const end = file.u64(base + 16);
  if (end > file.length) throw invalidAt(file.name, `it is cut off: ${file.length} bytes of ${end}`);
  return file.u64(old ? base + 40 : base + 24);
}
