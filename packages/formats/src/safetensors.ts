import { HeedError, checkFlag } from '@heed/base';
import { checkFileSize, type DecodeOptions } from './limits.js';
import { CODECS, checkArray, readElements, writeElements, type NumericArray } from './numeric-array.js';
import {
  headerLength,
  LENGTH_BYTES,
  METADATA,
  parseHeader,
  quote,
  STORED_NAMES,
  type Span,
} from './safetensors-header.js';

/** Named arrays. Decoded ones have no prototype, so that a tensor may be named `constructor`. */
export type Tensors = Readonly<Record<string, NumericArray>>;

export interface Safetensors {
  readonly tensors: Tensors;
  /** Metadata of the file: free text by key. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface SafetensorsOptions extends DecodeOptions {
  /**
   * Whether arrays may share the memory of the file, which then mustn't be changed while they are used: reading takes half the memory, and
   * hardly any time. Default false.
   */
  readonly inPlace?: boolean;
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
export function decodeSafetensors(bytes: Uint8Array, { inPlace, ...limits }: SafetensorsOptions = {}): Safetensors {
  checkFileSize('safetensors', bytes, limits);
  const sharing = { inPlace: checkFlag('safetensors: inPlace', inPlace) };
  const start = LENGTH_BYTES + headerLength(bytes, bytes.length);
  const data = bytes.subarray(start);
  const { spans, metadata } = parseHeader(bytes.subarray(LENGTH_BYTES, start), data.length);
  const tensors = Object.create(null) as Record<string, NumericArray>;
  for (const span of spans) tensors[span.name] = readSpan(span, data.subarray(span.start, span.end), sharing);
  return { tensors, metadata };
}

/** The tensor whose bytes these are. */
export function readSpan(
  { name, dtype, shape, size }: Span,
  bytes: Uint8Array,
  sharing: Pick<SafetensorsOptions, 'inPlace'> = {},
): NumericArray {
  const elements = readElements(`safetensors: tensor ${quote(name)}`, dtype, bytes, size, sharing);
  return { dtype, shape, data: elements } as NumericArray;
}

const SPACE = 0x20;

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
