import { HeedError } from '@heed/base';
import { CODECS, sizeOf, type DType } from './numeric-array.js';
import { beginsAsPickle, PICKLE_HINT } from './pickle.js';
import { parseStrictJson } from './strict-json.js';

/** Key of the file's metadata among the names of its tensors. */
export const METADATA = '__metadata__';
/** Length of the number that a file begins with, the length of its header. */
export const LENGTH_BYTES = 8;
// The reference implementation's limit.
const MAX_HEADER_BYTES = 100_000_000;

/** Names of dtypes in files. */
export const STORED_NAMES: Readonly<Record<DType, string>> = {
  bfloat16: 'BF16',
  float16: 'F16',
  float32: 'F32',
  float64: 'F64',
  int32: 'I32',
  int64: 'I64',
  uint8: 'U8',
  bool: 'BOOL',
};
const DTYPES = new Map(Object.entries(STORED_NAMES).map(([dtype, stored]) => [stored, dtype as DType]));

/** A tensor of a file: what it is, and the bytes of the data where it lies. */
export interface Span {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly size: number;
  readonly start: number;
  readonly end: number;
}

/** What the header of a file says, checked. */
export interface Header {
  readonly spans: readonly Span[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Length of the header, by the first eight bytes of a file.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE
 */
export function headerLength(bytes: Uint8Array, fileBytes: number): number {
  if (fileBytes < LENGTH_BYTES) throw invalid(`the file has ${fileBytes} bytes, too few for a header`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(fileBytes - LENGTH_BYTES)) {
    if (beginsAsPickle(bytes)) {
      const message = "safetensors: the file is Python's pickle, as torch.save writes it";
      throw new HeedError('FILE_INVALID', { message, hint: PICKLE_HINT });
    }
    throw invalid(`the header claims ${length} bytes, the file has ${fileBytes - LENGTH_BYTES} after its length`);
  }
  if (length > MAX_HEADER_BYTES) {
    throw new HeedError('FILE_TOO_LARGE', {
      message: `safetensors: the header has ${length} bytes, the limit is ${MAX_HEADER_BYTES}`,
    });
  }
  return Number(length);
}

/**
 * Parses an untrusted header: every offset, shape and name is checked, and the tensors must cover the data without gaps or overlaps, as the
 * format demands.
 *
 * @throws HeedError FILE_INVALID; DTYPE_UNSUPPORTED for a dtype without a counterpart here
 */
export function parseHeader(bytes: Uint8Array, dataBytes: number): Header {
  if (bytes[0] !== '{'.charCodeAt(0)) throw invalid('the header is not a JSON object');
  const header = parseStrictJson('safetensors: the header', bytes) as Record<string, unknown>;
  let metadata: Header['metadata'] = {};
  const spans: Span[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === METADATA) metadata = decodedMetadata(entry);
    else spans.push(checkEntry(name, entry, dataBytes));
  }
  checkCoverage(spans, dataBytes);
  return { spans, metadata };
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

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Quotes an untrusted value in a message: escaped, and cut when it is long. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const invalid = (message: string): HeedError => new HeedError('FILE_INVALID', { message: `safetensors: ${message}` });
