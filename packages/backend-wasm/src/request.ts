import type {
  AdditiveAttentionRequest,
  BiasParts,
  DotProductAttentionRequest,
  Dropout,
  MaskParts,
  Shape4,
  WeightedContextRequest,
} from '@heed/core';
import { bytesOf, type Heap, type Numbers } from './heap.js';

/** The fields of assembly/request.ts, 4 bytes each, in its order. */
const FIELDS = `
  additive batch heads keyHeads queries keys width valueWidth scale softCap
  bandLower bandUpper lengths querySegments keySegments
  mask maskBatch maskHead maskQuery maskKey
  bias biasBatch biasHead biasQuery biasKey
  slopes slopeOffsets table tableHeads reach tableOffsets
  dropout threshold kept seedLow seedHigh
  query key value vector context logSumExp remainder weights
  dContext dLogSumExp dWeights dQuery dKey dValue dVector dBias dTable
  normalizer scores dScores
  scoreHook maskKinds kindBatch kindHead kindQuery captures dCaptures scoreLayout maskLayout
`
  .trim()
  .split(/\s+/);
const FLOATS: ReadonlySet<string> = new Set(['scale', 'softCap', 'kept']);

/** Lists of positions, which grow with what is decoded. */
const GROWING: readonly string[] = ['bandLower', 'bandUpper', 'lengths', 'slopeOffsets', 'tableOffsets'];

/** Bytes from a request's address to a field. */
export const fieldOffset = (name: string): number => 4 * FIELDS.indexOf(name);

/** Fields by name: a number (an address, a size) or an array, which is copied into the heap and passed by address. */
export type Fields = Readonly<Record<string, number | Numbers | undefined>>;

const ALIGNMENT = 16;
const HEADER = align(FIELDS.length * 4);

/**
 * Runs `use` with the address of the request in the heap, then reads float64 arrays back, since those are sums that the
 * kernel writes.
 */
export function withRequest(heap: Heap, request: Fields, use: (address: number) => void): void {
  const arrays = Object.values(request).filter((value) => typeof value === 'object');
  const growing = new Set(GROWING.map((name) => request[name]));
  const bytes = arrays.reduce((total, array) => total + align(array.byteLength), HEADER);
  heap.withScratch(bytes, (address) => {
    const placed = place(arrays, address + HEADER);
    heap.write(address, fieldsOf(request, placed));
    for (const [array, at] of placed) heap.write(at, array, growing.has(array));
    use(address);
    // The heap may have grown: views are made again.
    for (const [array, at] of placed) {
      if (array instanceof Float64Array) bytesOf(array).set(bytesAt(heap, at, array));
    }
  });
}

function place(arrays: readonly Numbers[], start: number): Map<Numbers, number> {
  const placed = new Map<Numbers, number>();
  let at = start;
  for (const array of arrays) {
    placed.set(array, at);
    at += align(array.byteLength);
  }
  return placed;
}

function fieldsOf(request: Fields, placed: ReadonlyMap<Numbers, number>): Uint8Array {
  const bytes = new Uint8Array(HEADER);
  const view = new DataView(bytes.buffer);
  for (const [index, field] of FIELDS.entries()) {
    const value = request[field] ?? 0;
    const number = typeof value === 'number' ? value : placed.get(value)!;
    if (FLOATS.has(field)) view.setFloat32(index * 4, number, true);
    else view.setInt32(index * 4, number, true); // takes a number modulo 2³²
  }
  return bytes;
}

function bytesAt({ memory }: Heap, address: number, { byteLength }: Numbers): Uint8Array {
  return new Uint8Array(memory.buffer, address, byteLength);
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** What the ops ask for, without their tensors. */
export function dotProductFields(request: DotProductAttentionRequest): Fields {
  const { batch, heads, keyHeads, queries, keys, width, valueWidth, scale, softCap } = request;
  return {
    batch,
    heads,
    keyHeads,
    queries,
    keys,
    width,
    valueWidth,
    scale,
    softCap: softCap ?? 0,
    ...maskFields(request.mask),
    ...biasFields(request.bias),
    ...dropoutFields(request.dropout),
  };
}

export function additiveFields(request: AdditiveAttentionRequest): Fields {
  const { batch, queries, keys, units, valueWidth } = request;
  return {
    additive: 1,
    batch,
    heads: 1,
    keyHeads: 1,
    queries,
    keys,
    width: units,
    valueWidth,
    scale: 1,
    ...maskFields(request.mask),
    ...dropoutFields(request.dropout),
  };
}

/** The normalisers by the names that core has for them, as assembly/normalizers.ts counts them. */
export const NORMALIZER_KINDS: Readonly<Record<string, number>> = {
  softmax: 0,
  sparsemax: 1,
  entmax15: 2,
  sigmoid: 3,
  hard: 4,
};

export function weightedFields(request: WeightedContextRequest): Fields {
  const { batch, heads, queries, keys, valueWidth, normalizer } = request;
  return {
    batch,
    heads,
    keyHeads: heads,
    queries,
    keys,
    width: 0,
    valueWidth,
    normalizer: NORMALIZER_KINDS[normalizer],
    ...maskFields(request.mask),
    ...dropoutFields(request.dropout),
  };
}

function maskFields({ band, lengths, segments, dense }: MaskParts): Fields {
  return {
    ...(band && { bandLower: band.lower, bandUpper: band.upper }),
    ...(lengths && { lengths }),
    ...(segments && { querySegments: segments.query, keySegments: segments.key }),
    ...(dense && strides('mask', dense)),
  };
}

function biasFields({ dense, alibi, relative }: BiasParts): Fields {
  return {
    ...(dense && strides('bias', dense)),
    ...(alibi && { slopes: alibi.slopes, slopeOffsets: alibi.offsets }),
    ...(relative && { tableHeads: relative.heads, reach: relative.reach, tableOffsets: relative.offsets }),
  };
}

function dropoutFields(dropout: Dropout | null): Fields {
  if (dropout === null) return {};
  const { rate, seed } = dropout;
  return {
    dropout: 1,
    threshold: Math.floor(rate * 2 ** 32),
    kept: 1 / (1 - rate),
    seedLow: seed % 2 ** 32,
    seedHigh: Math.floor(seed / 2 ** 32),
  };
}

/** Row-major strides of [B, H, Tq, Tk], 0 along axes of length 1. */
function strides(name: string, shape: Shape4): Fields {
  const [batch, heads, queries, keys] = shape;
  const stride = (length: number, size: number): number => (length === 1 ? 0 : size);
  return {
    [`${name}Batch`]: stride(batch, heads * queries * keys),
    [`${name}Head`]: stride(heads, queries * keys),
    [`${name}Query`]: stride(queries, keys),
    [`${name}Key`]: stride(keys, 1),
  };
}
