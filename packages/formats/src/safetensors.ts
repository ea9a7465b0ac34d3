import { HeedError } from '@heed/base';
import { checkFileSize, type DecodeOptions } from './limits.js';
import {
  CODECS,
  checkArray,
  readElements,
  sizeOf,
  writeElements,
  type DType,
  type NumericArray,
} from './numeric-array.js';
import { parseStrictJson } from './strict-json.js';

/** Named arrays. Decoded ones have no prototype, so that a tensor may be named `constructor`. */
export type Tensors = Readonly<Record<string, NumericArray>>;

export interface Safetensors {
  readonly tensors: Tensors;
  /** Metadata of the file: free text by key. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Writes named arrays as safetensors. The bytes depend on the contents alone, not on the order of the keys.
 *
 * @throws HeedError DTYPE_UNSUPPORTED, SHAPE_MISMATCH or INVALID_ARGUMENT, before anything is written
 * @see https://github.com/huggingface/safetensors#format
 */
export function encodeSafetensors(tensors: Tensors, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const entries = Object.entries(tensors).toSorted(bySizeThenName);
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header[METADATA] = checkedMetadata(metadata);

  let end = 0;
  for (const [name, array] of entries) {
    if (name === METADATA || name === '__proto__') {
      throw new HeedError('INVALID_ARGUMENT', { message: `safetensors: a tensor can't be named ${name}` });
    }
    checkArray(`safetensors: tensor ${JSON.stringify(name)}`, array);
    const start = end;
    end += array.data.length * CODECS[array.dtype].bytes;
    header[name] = { dtype: STORED_NAMES[array.dtype], shape: array.shape, data_offsets: [start, end] };
  }

  const json = new TextEncoder().encode(JSON.stringify(header));
  // The header is padded with spaces; as the largest elements come first, all data are then aligned to their size.
  const headerBytes = Math.ceil(json.length / LENGTH_BYTES) * LENGTH_BYTES;
  const bytes = new Uint8Array(LENGTH_BYTES + headerBytes + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(SPACE, LENGTH_BYTES + json.length, LENGTH_BYTES + headerBytes).set(json, LENGTH_BYTES);

  let offset = LENGTH_BYTES + headerBytes;
  for (const [, array] of entries) {
    writeElements(array, bytes.subarray(offset));
    offset += array.data.length * CODECS[array.dtype].bytes;
  }
  return bytes;
}

/**
 * Reads an untrusted safetensors file: every length, offset, shape and name is checked before memory is allocated for it. The
 * tensors must cover the data without gaps or overlaps, as the format demands.
 *
 * @throws HeedError FILE_INVALID when malformed, FILE_TOO_LARGE past a limit, DTYPE_UNSUPPORTED for a dtype without a
 *   counterpart here
 */
export function decodeSafetensors(bytes: Uint8Array, options: DecodeOptions = {}): Safetensors {
  checkFileSize('safetensors', bytes, options);
  const { header, data } = split(bytes);
  const tensors = Object.create(null) as Record<string, NumericArray>;
  let metadata: Safetensors['metadata'] = {};
  const spans: Span[] = [];

  for (const [name, entry] of Object.entries(header)) {
    if (name === METADATA) {
      metadata = decodedMetadata(entry);
      continue;
    }
    spans.push(checkEntry(name, entry, data.length));
  }
  checkCoverage(spans, data.length);
  for (const { name, dtype, shape, start, size } of spans) {
    const elements = readElements(`safetensors: tensor ${quote(name)}`, dtype, data.subarray(start), size);
    tensors[name] = { dtype, shape, data: elements } as NumericArray;
  }
  return { tensors, metadata };
}

const METADATA = '__metadata__';
const LENGTH_BYTES = 8;
const SPACE = 0x20;
// The reference implementation's limit.
const MAX_HEADER_BYTES = 100_000_000;

const STORED_NAMES: Readonly<Record<DType, string>> = {
  float16: 'F16',
  float32: 'F32',
  float64: 'F64',
  int32: 'I32',
  int64: 'I64',
  uint8: 'U8',
  bool: 'BOOL',
};
const DTYPES = new Map(Object.entries(STORED_NAMES).map(([dtype, stored]) => [stored, dtype as DType]));

interface Span {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly size: number;
  readonly start: number;
  readonly end: number;
}

function split(bytes: Uint8Array): { header: Record<string, unknown>; data: Uint8Array } {
  if (bytes.length < LENGTH_BYTES) throw invalid(`the file has ${bytes.length} bytes, too few for a header`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(bytes.length - LENGTH_BYTES)) {
    throw invalid(`the header claims ${length} bytes, the file has ${bytes.length - LENGTH_BYTES} after its length`);
  }
  if (length > MAX_HEADER_BYTES) {
    throw new HeedError('FILE_TOO_LARGE', {
      message: `safetensors: the header has ${length} bytes, the limit is ${MAX_HEADER_BYTES}`,
    });
  }
  const end = LENGTH_BYTES + Number(length);
  if (bytes[LENGTH_BYTES] !== '{'.charCodeAt(0)) throw invalid('the header is not a JSON object');
  const header = parseStrictJson('safetensors: the header', bytes.subarray(LENGTH_BYTES, end));
  return { header: header as Record<string, unknown>, data: bytes.subarray(end) };
}

function checkEntry(name: string, entry: unknown, dataBytes: number): Span {
  if (!isObject(entry)) throw invalid(`tensor ${quote(name)} is described by ${quote(entry)}`);
  const { dtype: stored, shape, data_offsets: offsets, ...unknown } = entry;
  if (Object.keys(unknown).length > 0)
    throw invalid(`tensor ${quote(name)} has unknown keys ${quote(Object.keys(unknown))}`);
  const dtype = typeof stored === 'string' ? DTYPES.get(stored) : undefined;
  if (dtype === undefined) {
    throw new HeedError(typeof stored === 'string' ? 'DTYPE_UNSUPPORTED' : 'FILE_INVALID', {
      message: `safetensors: tensor ${quote(name)} has dtype ${quote(stored)}`,
      hint: `readable dtypes are ${[...DTYPES.keys()].join(', ')}`,
    });
  }
  const size = sizeOf(shape);
  if (size === undefined) throw invalid(`tensor ${quote(name)} has shape ${quote(shape)}`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every((offset) => Number.isSafeInteger(offset))) {
    throw invalid(`tensor ${quote(name)} has data_offsets ${quote(offsets)}`);
  }
  const [start, end] = offsets as [number, number];
  if (start < 0 || end < start || end > dataBytes) {
    throw invalid(`tensor ${quote(name)} lies at bytes ${start} to ${end} of ${dataBytes}`);
  }
  if (end - start !== size * CODECS[dtype].bytes) {
    throw invalid(`tensor ${quote(name)}, ${stored} ${quote(shape)}, has ${end - start} bytes`);
  }
  return { name, dtype, shape: shape as number[], size, start, end };
}

function checkCoverage(spans: readonly Span[], dataBytes: number): void {
  let covered = 0;
  for (const { name, start, end } of spans.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== covered) {
      const what = start < covered ? 'overlaps the tensor before it' : 'leaves a gap before it';
      throw invalid(`tensor ${quote(name)} at bytes ${start} to ${end} ${what}`);
    }
    covered = end;
  }
  if (covered !== dataBytes) throw invalid(`${dataBytes - covered} bytes at the end belong to no tensor`);
}

function decodedMetadata(entry: unknown): Record<string, string> {
  if (!isObject(entry) || !Object.values(entry).every((text) => typeof text === 'string')) {
    throw invalid(`${METADATA} must map names to strings`);
  }
  return Object.assign(Object.create(null), entry) as Record<string, string>;
}

function checkedMetadata(metadata: Readonly<Record<string, string>>): Record<string, string> {
  for (const [key, text] of Object.entries(metadata)) {
    if (typeof text !== 'string' || key === '__proto__') {
      throw new HeedError('INVALID_ARGUMENT', { message: `safetensors: metadata ${key} must be a string` });
    }
  }
  return Object.fromEntries(Object.entries(metadata).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function bySizeThenName([nameA, a]: [string, NumericArray], [nameB, b]: [string, NumericArray]): number {
  const difference = (CODECS[b.dtype]?.bytes ?? 0) - (CODECS[a.dtype]?.bytes ?? 0);
  return difference !== 0 ? difference : nameA < nameB ? -1 : 1;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// Quotes an untrusted value in a message: escaped, and cut when it is long.
function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const invalid = (message: string): HeedError => new HeedError('FILE_INVALID', { message: `safetensors: ${message}` });
