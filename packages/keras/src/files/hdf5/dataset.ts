import { HeedError } from '@heed/base';
import { unzlibSync } from 'fflate';
import { invalidAt, tooLarge } from '../invalid.js';
import type { ByteReader } from './byte-reader.js';
import { readDataspace, readDatatype, sizeOf, type Datatype } from './datatype.js';
import { MESSAGE, type Message } from './object-header.js';

/** What is known of a dataset before its values are read. */
export interface DatasetHeader {
  readonly shape: readonly number[];
  readonly datatype: Datatype;
  readonly messages: readonly Message[];
}

export function readDatasetHeader(file: ByteReader, messages: readonly Message[]): DatasetHeader {
  const at = (type: number): number => {
    const message = messages.find((one) => one.type === type);
    if (message === undefined) throw invalidAt(file.name, `a dataset without message ${type}`);
    return message.at;
  };
  return {
    shape: readDataspace(file, at(MESSAGE.dataspace)),
    datatype: readDatatype(file, at(MESSAGE.datatype)),
    messages,
  };
}

/**
 * Values of a dataset as float32, which is what all weights are computed in here. float32 keeps its bits; float64 and integers are rounded.
 *
 * @param path  the dataset's name, for messages
 * @param maxBytes  most bytes that the values may take, before memory is allocated for them
 */
export function readValues(file: ByteReader, path: string, header: DatasetHeader, maxBytes: number): Float32Array {
  const { datatype, shape } = header;
  if (datatype.kind !== 'float' && datatype.kind !== 'int') {
    throw new HeedError('DTYPE_UNSUPPORTED', {
      message: `${path}: its elements are ${datatype.kind === 'other' ? datatype.name : 'texts'}`,
      hint: 'weights are floats or integers',
      details: { path },
    });
  }
  const size = sizeOf(path, shape);
  if (size * Math.max(4, datatype.bytes) > maxBytes)
    throw tooLarge(`${path} is [${shape.join(', ')}], more than the ${maxBytes} bytes that are allowed`, {
      path,
      shape,
      maxBytes,
    });
  const bytes = readBytes(file, path, header, size * datatype.bytes);
  return toFloat32(bytes, datatype, size);
}

const COMPACT = 0;
const CONTIGUOUS = 1;
const CHUNKED = 2;
const UNDEFINED = 2 ** 64;

// Data layout message, IV.A.2.i.
function readBytes(file: ByteReader, path: string, header: DatasetHeader, wanted: number): Uint8Array {
  const at = header.messages.find(({ type }) => type === MESSAGE.layout)?.at;
  if (at === undefined) throw invalidAt(path, 'it has no data');
  const version = file.u8(at);
  if (version !== 3 && version !== 4)
    throw invalidAt(path, `a data layout of version ${version}, which isn't read here`);
  const kind = file.u8(at + 1);
  if (kind === COMPACT && file.u16(at + 2) >= wanted) return file.slice(at + 4, wanted);
  if (kind === CONTIGUOUS) {
    const start = file.u64(at + 2);
    // Never written: the fill value, which is 0.
    if (start === UNDEFINED) return new Uint8Array(wanted);
    return file.slice(start, wanted);
  }
  if (kind === CHUNKED && version === 3) return readChunks(file, path, header, at + 2, wanted);
  throw invalidAt(path, `a data layout of class ${kind} and version ${version}, which isn't read here`);
}

function readChunks(file: ByteReader, path: string, header: DatasetHeader, at: number, wanted: number): Uint8Array {
  const { shape, datatype } = header;
  const rank = file.u8(at) - 1;
  const chunk = Array.from({ length: rank }, (_, axis) => file.u32(at + 9 + 4 * axis));
  const chunkBytes = sizeOf(path, chunk) * datatype.bytes;
  if (rank !== shape.length || chunkBytes === 0 || chunkBytes > MOST_CHUNK_BYTES)
    throw invalidAt(path, `chunks of shape [${chunk.join(', ')}]`);
  const filters = readFilters(file, path, header);
  const out = new Uint8Array(wanted);
  const visit = (node: number, below: number): void => {
    if (node === UNDEFINED) return;
    file.expect(node, 'TREE');
    const level = file.u8(node + 5);
    if (file.u8(node + 4) !== 1 || level >= below)
      throw invalidAt(path, `a tree node at byte ${node} of level ${level}`);
    const keyBytes = 8 + 8 * (rank + 1);
    const count = file.u16(node + 6);
    for (let index = 0; index < count; index++) {
      const key = node + 24 + (keyBytes + 8) * index;
      const child = file.u64(key + keyBytes);
      if (level > 0) {
        visit(child, level);
        continue;
      }
      const origin = Array.from({ length: rank }, (_, axis) => file.u64(key + 8 + 8 * axis));
      // Counted against the limit of reads, so that one small chunk isn't unpacked without end.
      const packed = file.slice(child, file.u32(key));
      const data = unpack(path, packed, filters, datatype.bytes, chunkBytes);
      place(data, { origin, chunk, shape, bytes: datatype.bytes, out });
    }
  };
  visit(file.u64(at + 1), 16);
  return out;
}

// Chunks of HDF5 have at most 4 GiB; those of weights have far less.
const MOST_CHUNK_BYTES = 2 ** 28;

interface Placing {
  readonly origin: readonly number[];
  readonly chunk: readonly number[];
  readonly shape: readonly number[];
  readonly bytes: number;
  readonly out: Uint8Array;
}

// Copies a chunk row by row to where it belongs; what reaches past the dataset's edge is padding.
function place(data: Uint8Array, { origin, chunk, shape, bytes, out }: Placing): void {
  const last = shape.length - 1;
  const run = Math.min(chunk[last]!, shape[last]! - origin[last]!) * bytes;
  const visit = (axis: number, from: number, to: number): void => {
    if (axis === last) {
      if (run > 0) out.set(data.subarray(from * bytes, from * bytes + run), (to + origin[last]!) * bytes);
      return;
    }
    for (let step = 0; step < chunk[axis]! && origin[axis]! + step < shape[axis]!; step++) {
      visit(axis + 1, (from + step) * chunk[axis + 1]!, (to + origin[axis]! + step) * shape[axis + 1]!);
    }
  };
  visit(0, 0, 0);
}

const DEFLATE = 1;
const SHUFFLE = 2;

function readFilters(file: ByteReader, path: string, header: DatasetHeader): number[] {
  const at = header.messages.find(({ type }) => type === MESSAGE.filters)?.at;
  if (at === undefined) return [];
  const [version, count] = [file.u8(at), file.u8(at + 1)];
  if (version !== 1) throw invalidAt(path, `a filter pipeline of version ${version}, which isn't read here`);
  const filters: number[] = [];
  for (let place = at + 8, index = 0; index < count; index++) {
    const [id, name, values] = [file.u16(place), file.u16(place + 2), file.u16(place + 6)];
    if (id !== DEFLATE && id !== SHUFFLE) throw invalidAt(path, `filter ${id}, which isn't read here`);
    filters.push(id);
    place += 8 + Math.ceil(name / 8) * 8 + 4 * (values + (values % 2));
  }
  return filters;
}

function unpack(
  path: string,
  packed: Uint8Array,
  filters: readonly number[],
  width: number,
  wanted: number,
): Uint8Array {
  let data = packed;
  for (const filter of filters.toReversed()) {
    // The room is that of the chunk, whatever the compressed data claim.
    data = filter === DEFLATE ? inflated(path, data, wanted) : unshuffled(data, width);
  }
  if (data.length !== wanted) throw invalidAt(path, `a chunk of ${data.length} bytes, not ${wanted}`);
  return data;
}

function inflated(path: string, data: Uint8Array, wanted: number): Uint8Array {
  try {
    return unzlibSync(data, { out: new Uint8Array(wanted) });
  } catch {
    throw invalidAt(path, 'a chunk is not deflated data');
  }
}

function unshuffled(data: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(data.length / width);
  const out = new Uint8Array(data.length);
  for (let byte = 0; byte < width; byte++) {
    for (let index = 0; index < count; index++) out[index * width + byte] = data[byte * count + index]!;
  }
  return out;
}

function toFloat32(bytes: Uint8Array, datatype: Datatype & { kind: 'float' | 'int' }, size: number): Float32Array {
  // A copy begins at a multiple of the width of its elements, as typed arrays ask; `slice` of Node's Buffer makes none.
  const { buffer } = new Uint8Array(bytes);
  if (datatype.kind === 'float' && datatype.bytes === 4) return new Float32Array(buffer, 0, size);
  const view = new DataView(buffer);
  const element = ELEMENTS[`${datatype.kind === 'float' ? 'f' : datatype.signed ? 'i' : 'u'}${datatype.bytes}`]!;
  return Float32Array.from({ length: size }, (_, index) => element(view, index * datatype.bytes));
}

const ELEMENTS: Readonly<Record<string, (view: DataView, at: number) => number>> = {
  f2: (view, at) => fromFloat16(view.getUint16(at, true)),
  f8: (view, at) => view.getFloat64(at, true),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at) => view.getInt16(at, true),
  i4: (view, at) => view.getInt32(at, true),
  i8: (view, at) => Number(view.getBigInt64(at, true)),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at) => view.getUint16(at, true),
  u4: (view, at) => view.getUint32(at, true),
  u8: (view, at) => Number(view.getBigUint64(at, true)),
};

function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
