import {
  dropoutFactor,
  type AdditiveAttentionRequest,
  type BiasParts,
  type DotProductAttentionRequest,
  type Dropout,
  type MaskParts,
  type Shape4,
} from '@heed/core';
import type { AdditiveArrays } from '../src/additive-scores.js';
import type { DotProductArrays } from '../src/dot-product-scores.js';

/** The ops written down from their formulas in float64, one position after another; slow, and sharing no code with src. */

export interface Cotangents {
  readonly dContext: Float32Array;
  readonly dLogSumExp: Float32Array;
  readonly dWeights?: Float32Array;
}

type Arrays = Record<string, Float64Array>;

export function allows(
  parts: MaskParts,
  dense: Uint8Array | undefined,
  { queries, keys }: { queries: number; keys: number },
): (b: number, h: number, i: number, j: number) => boolean {
  return (b, h, i, j) => {
    const { band, lengths, segments } = parts;
    if (band !== undefined && (j - i < band.lower[b] || j - i > band.upper[b])) return false;
    if (lengths !== undefined && j >= lengths[b]) return false;
    if (segments !== undefined && segments.query[b * queries + i] !== segments.key[b * keys + j]) return false;
    return dense === undefined || dense[flat(parts.dense!, b, h, i, j)] !== 0;
  };
}

export function dotProductReference(
  arrays: DotProductArrays,
  request: DotProductAttentionRequest,
  cotangents?: Cotangents,
): Arrays {
  const { batch: B, heads: H, keyHeads: Hk, queries: Tq, keys: Tk, width: D, valueWidth: Dv, scale, softCap } = request;
  const allowed = allows(request.mask, arrays.mask, request);
  const gradients: Arrays = {
    dQuery: new Float64Array(arrays.query.length),
    dKey: new Float64Array(arrays.key.length),
    dValue: new Float64Array(arrays.value.length),
    dBias: new Float64Array(arrays.bias?.length ?? 0),
    dTable: new Float64Array(arrays.table?.length ?? 0),
  };
  const outputs = attentionRows(B, H, Tq, Tk, Dv, request.dropout, arrays.value, Hk, cotangents, {
    score(b, h, i, j) {
      const bias = biasAt(request.bias, arrays, b, h, i, j);
      if (!allowed(b, h, i, j) || bias === -Infinity) return undefined;
      const x = scale * product(arrays, request, b, h, i, j);
      return (softCap === null ? x : softCap * Math.tanh(x / softCap)) + bias;
    },
    gradient(b, h, i, j, d) {
      const { dense, relative } = request.bias;
      if (dense !== undefined) gradients.dBias[flat(dense, b, h, i, j)] += d;
      if (relative !== undefined) gradients.dTable[tableIndex(relative, b, h, i, j)] += d;
      const x = scale * product(arrays, request, b, h, i, j);
      const slope = softCap === null ? 1 : 1 - Math.tanh(x / softCap) ** 2;
      const q = ((b * H + h) * Tq + i) * D;
      const k = ((b * Hk + Math.floor(h / (H / Hk))) * Tk + j) * D;
      for (let u = 0; u < D; u++) {
        gradients.dQuery[q + u] += d * slope * scale * arrays.key[k + u];
        gradients.dKey[k + u] += d * slope * scale * arrays.query[q + u];
      }
    },
    dValue: gradients.dValue,
  });
  return { ...outputs, ...(cotangents && gradients) };
}

export function additiveReference(
  arrays: AdditiveArrays,
  request: AdditiveAttentionRequest,
  cotangents?: Cotangents,
): Arrays {
  const { batch: B, queries: Tq, keys: Tk, units: U, valueWidth: Dv } = request;
  const allowed = allows(request.mask, arrays.mask, request);
  const gradients: Arrays = {
    dQuery: new Float64Array(arrays.query.length),
    dKey: new Float64Array(arrays.key.length),
    dVector: new Float64Array(U),
    dValue: new Float64Array(arrays.value.length),
  };
  const argument = (b: number, i: number, j: number, u: number): number =>
    arrays.query[(b * Tq + i) * U + u] + arrays.key[(b * Tk + j) * U + u];
  const outputs = attentionRows(B, 1, Tq, Tk, Dv, request.dropout, arrays.value, 1, cotangents, {
    score(b, h, i, j) {
      if (!allowed(b, h, i, j)) return undefined;
      let sum = 0;
      for (let u = 0; u < U; u++) sum += arrays.vector[u] * Math.tanh(argument(b, i, j, u));
      return sum;
    },
    gradient(b, _h, i, j, d) {
      for (let u = 0; u < U; u++) {
        const t = Math.tanh(argument(b, i, j, u));
        gradients.dVector[u] += d * t;
        gradients.dQuery[(b * Tq + i) * U + u] += d * arrays.vector[u] * (1 - t * t);
        gradients.dKey[(b * Tk + j) * U + u] += d * arrays.vector[u] * (1 - t * t);
      }
    },
    dValue: gradients.dValue,
  });
  return { ...outputs, ...(cotangents && gradients) };
}

/** What dot-product and additive attention share; a score is undefined where masked. */
function attentionRows(
  B: number,
  H: number,
  Tq: number,
  Tk: number,
  Dv: number,
  dropout: Dropout | null,
  value: Float32Array,
  Hk: number,
  cotangents: Cotangents | undefined,
  form: {
    score(b: number, h: number, i: number, j: number): number | undefined;
    gradient(b: number, h: number, i: number, j: number, dScore: number): void;
    dValue: Float64Array;
  },
): Arrays {
  const context = new Float64Array(B * H * Tq * Dv);
  const logSumExp = new Float64Array(B * H * Tq);
  const weights = new Float64Array(B * H * Tq * Tk);
  const factor = dropout === null ? () => 1 : dropoutFactor(dropout);
  for (let row = 0; row < B * H * Tq; row++) {
    const b = Math.floor(row / (H * Tq));
    const h = Math.floor(row / Tq) % H;
    const i = row % Tq;
    const valueRow = (j: number): number => ((b * Hk + Math.floor(h / (H / Hk))) * Tk + j) * Dv;
    const attended: { j: number; score: number }[] = [];
    for (let j = 0; j < Tk; j++) {
      const score = form.score(b, h, i, j);
      if (score !== undefined) attended.push({ j, score });
    }
    if (attended.length === 0) {
      logSumExp[row] = -Infinity;
      continue;
    }
    const highest = attended.reduce((max, { score }) => Math.max(max, score), -Infinity);
    const sum = attended.reduce((total, { score }) => total + Math.exp(score - highest), 0);
    logSumExp[row] = highest + Math.log(sum);
    for (const { j, score } of attended) {
      const p = Math.exp(score - highest) / sum;
      weights[row * Tk + j] = p;
      const kept = p * factor(row * Tk + j);
      for (let d = 0; d < Dv; d++) context[row * Dv + d] += kept * value[valueRow(j) + d];
    }
    if (cotangents === undefined) continue;
    const dP = attended.map(({ j }) => {
      let sum = 0;
      for (let d = 0; d < Dv; d++) sum += cotangents.dContext[row * Dv + d] * value[valueRow(j) + d];
      return sum * factor(row * Tk + j) + (cotangents.dWeights?.[row * Tk + j] ?? 0);
    });
    const mean = attended.reduce((total, { j }, n) => total + weights[row * Tk + j] * dP[n], 0);
    attended.forEach(({ j }, n) => {
      const p = weights[row * Tk + j];
      form.gradient(b, h, i, j, p * (dP[n] - mean + cotangents.dLogSumExp[row]));
      for (let d = 0; d < Dv; d++) {
        form.dValue[valueRow(j) + d] += p * factor(row * Tk + j) * cotangents.dContext[row * Dv + d];
      }
    });
  }
  return { context, logSumExp, weights };
}

function product(
  { query, key }: DotProductArrays,
  { heads, keyHeads, queries, keys, width }: DotProductAttentionRequest,
  b: number,
  h: number,
  i: number,
  j: number,
): number {
  const q = ((b * heads + h) * queries + i) * width;
  const k = ((b * keyHeads + Math.floor(h / (heads / keyHeads))) * keys + j) * width;
  let sum = 0;
  for (let d = 0; d < width; d++) sum += query[q + d] * key[k + d];
  return sum;
}

function biasAt(
  { dense, alibi, relative }: BiasParts,
  arrays: DotProductArrays,
  b: number,
  h: number,
  i: number,
  j: number,
): number {
  let bias = 0;
  if (dense !== undefined) bias += arrays.bias![flat(dense, b, h, i, j)];
  if (alibi !== undefined) bias -= alibi.slopes[h] * Math.abs(j - i - alibi.offsets[b]);
  if (relative !== undefined) bias += arrays.table![tableIndex(relative, b, h, i, j)];
  return bias;
}

function tableIndex(
  { heads, reach, offsets }: NonNullable<BiasParts['relative']>,
  b: number,
  h: number,
  i: number,
  j: number,
): number {
  const distance = Math.max(-reach, Math.min(reach, j - i - offsets[b]));
  return (heads === 1 ? 0 : h) * (2 * reach + 1) + distance + reach;
}

function flat([nb, nh, ni, nj]: Shape4, b: number, h: number, i: number, j: number): number {
  return (((nb === 1 ? 0 : b) * nh + (nh === 1 ? 0 : h)) * ni + (ni === 1 ? 0 : i)) * nj + (nj === 1 ? 0 : j);
}
