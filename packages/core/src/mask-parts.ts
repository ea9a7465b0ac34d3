import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { resolveOffsets } from './alignment.js';
import { checkAxes, placeAxes } from './axes.js';
import { isRecorded, isUnlikeTheNext, staysBelow } from './replay/current.js';
import type { MaskParts, Shape4 } from './request.js';
import { checkOptions, HeedError, show } from '@heed/base';
import { MASK_FIELDS, checkWindow, isTensor, type Mask } from './mask.js';
import { checkAlive, checkDtype } from './tensor-like.js';

export interface ScoreShape {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
}

export interface NormalizedMask {
  readonly parts: MaskParts;
  /** The caller's dense masks, borrowed. */
  readonly dense: readonly PlacedMask[];
}

/** A caller's tensor, and the shape that it has among [B, H, Tq, Tk]. */
export interface PlacedMask {
  readonly tensor: Tensor;
  readonly shape: Shape4;
}

/**
 * Any tree of masks as at most one band, one vector of lengths, one pair of segment ids and one tensor: causal masks and
 * windows are both bands and meet in a band, lengths meet in their minimum, segments in the pairs of their ids.
 */
export function normalizeMask(op: string, mask: Mask | Tensor | undefined, shape: ScoreShape): NormalizedMask {
  const leaves = mask === undefined ? [] : leavesOf(op, mask);
  const band = mergeBands(op, leaves, shape);
  const lengths = mergeLengths(op, leaves, shape);
  const segments = mergeSegments(op, leaves, shape);
  const full = [shape.batch, shape.heads, shape.queries, shape.keys] as const;
  const placed = leaves
    .filter((leaf) => leaf.kind === 'dense')
    .map(({ tensor, axes }) => ({ tensor, shape: placeAxes(`${op}: mask`, tensor, axes, full) }));
  const joined = placed.reduce(
    (a, b) => a.map((length, axis) => (length === 1 ? b.shape[axis] : length)) as unknown as Shape4,
    placed[0]?.shape ?? full,
  );
  return {
    parts: {
      ...(band && { band }),
      ...(lengths && { lengths }),
      ...(segments && { segments }),
      ...(placed.length > 0 && { dense: joined }),
    },
    dense: placed,
  };
}

/** The conjunction of several dense masks, which broadcast to one another; undefined when there are none. */
export function joinMasks(masks: readonly PlacedMask[]): Tensor | undefined {
  if (masks.length < 2) return masks[0]?.tensor;
  return tf.tidy(() =>
    masks.map(({ tensor, shape }) => tf.reshape(zeroOrOne(tensor), [...shape])).reduce((a, b) => tf.logicalAnd(a, b)),
  );
}

/** The same bools as bytes of 0 or 1: the wasm engine takes others, such as a comparison elsewhere leaves, for anything. */
function zeroOrOne(mask: Tensor): Tensor {
  return tf.notEqual(tf.cast(mask, 'int32'), tf.scalar(0, 'int32'));
}

/**
 * The mask as a bool tensor, true = attend, for looking at it and for engines without a kernel that understands it.
 *
 * @returns [B, H, Tq, Tk]; B or H is 1 where the mask doesn't depend on it
 */
export function materialize(mask: Mask | Tensor, shape: ScoreShape): Tensor4D {
  return tf.tidy(() => {
    const { parts, dense: masks } = normalizeMask('materialize', mask, shape);
    return (
      materializeParts(parts, joinMasks(masks), shape) ??
      (tf.ones([1, 1, shape.queries, shape.keys], 'bool') as unknown as Tensor4D)
    );
  });
}

/** undefined when nothing is masked. */
export function materializeParts(
  parts: MaskParts,
  tensor: Tensor | undefined,
  shape: ScoreShape,
): Tensor4D | undefined {
  const { band, lengths, segments } = parts;
  const structured = band || lengths || segments ? structuredMask(parts, shape) : undefined;
  if (tensor === undefined) return structured;
  const wide = tf.reshape(zeroOrOne(tensor), [...parts.dense!]) as Tensor4D;
  return tf.logicalAnd(wide, structured ?? tf.ones([1, 1, shape.queries, shape.keys], 'bool')) as Tensor4D;
}

function structuredMask({ band, lengths, segments }: MaskParts, { batch, queries, keys }: ScoreShape): Tensor4D {
  const allowed = new Uint8Array(batch * queries * keys);
  for (let b = 0, n = 0; b < batch; b++) {
    for (let i = 0; i < queries; i++) {
      for (let j = 0; j < keys; j++, n++) {
        if (band && (j - i < band.lower[b] || j - i > band.upper[b])) continue;
        if (lengths && j >= lengths[b]) continue;
        if (segments && segments.query[b * queries + i] !== segments.key[b * keys + j]) continue;
        allowed[n] = 1;
      }
    }
  }
  return tf.tensor4d(allowed, [batch, 1, queries, keys], 'bool');
}

type Leaf = Exclude<Mask, { kind: 'both' }>;

function leavesOf(op: string, mask: Mask | Tensor): Leaf[] {
  if (isTensor(mask)) return leavesOf(op, { kind: 'dense', tensor: mask });
  const fields = Object.hasOwn(MASK_FIELDS, String(mask?.kind)) ? MASK_FIELDS[mask.kind] : undefined;
  if (fields === undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${op}: mask is ${typeof mask === 'object' && mask !== null ? 'an object of no known kind' : show(mask)}`,
      hint: 'use causal(), slidingWindow(), padding(), segments(), dense(tensor), both(…), or a bool tensor',
    });
  }
  checkOptions(`${op}: mask of kind ${mask.kind}`, mask, fields);
  switch (mask.kind) {
    case 'both':
      if (!Array.isArray(mask.masks)) refuseField(op, mask, 'masks', 'both(…) makes it');
      return mask.masks.flatMap((part) => leavesOf(op, part));
    case 'slidingWindow':
      checkWindow(`${op}: slidingWindow`, mask);
      return [mask];
    case 'dense':
      checkAlive(`${op}: mask`, mask.tensor, 'a bool tensor');
      checkDtype(`${op}: mask`, mask.tensor, 'bool');
      checkAxes(`${op}: mask`, mask.tensor, mask.axes);
      return [mask];
    case 'padding':
      if (!(mask.lengths instanceof Int32Array)) refuseField(op, mask, 'lengths', 'padding(lengths) makes it');
      return [mask];
    case 'segments':
      if (!areIds(mask.query)) refuseField(op, mask, 'query', 'segments(query, key) makes it');
      if (!areIds(mask.key)) refuseField(op, mask, 'key', 'segments(query, key) makes it');
      return [mask];
    case 'causal':
      return [mask];
  }
}

/** A field of a mask that was written by hand and not made by its function. */
function refuseField<M extends Mask>(op: string, mask: M, field: keyof M & string, hint: string): never {
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${op}: mask of kind ${mask.kind}: ${field} is ${show(mask[field])}`,
    hint,
  });
}

const areIds = (rows: unknown): boolean => Array.isArray(rows) && rows.every((row) => row instanceof Int32Array);

function mergeBands(op: string, leaves: readonly Leaf[], shape: ScoreShape): MaskParts['band'] {
  const { batch, queries, keys } = shape;
  // A step that is done again lets the lower bound grow from where it is: were it clamped, the step would be another once the far end of a window moves.
  const least = isRecorded() ? LEAST_BOUND : -queries;
  const lower = new Int32Array(batch).fill(least);
  const upper = new Int32Array(batch).fill(keys);
  let found = false;
  let first: number | undefined;
  for (const leaf of leaves) {
    if (leaf.kind !== 'causal' && leaf.kind !== 'slidingWindow') continue;
    found = true;
    const offsets = resolveOffsets(`${op}: ${leaf.kind}`, leaf, shape);
    const [left, right] = leaf.kind === 'causal' ? [Infinity, 0] : [leaf.left, leaf.right];
    for (let b = 0; b < batch; b++) {
      // Clamped to [−Tq, Tk], beyond which nothing changes, so that kernels meet only small integers.
      lower[b] = Math.min(Math.max(lower[b], offsets[b] - left), keys);
      upper[b] = Math.max(Math.min(upper[b], offsets[b] + right), -queries);
      staysClamped(offsets[b] - left, least);
      staysClamped(offsets[b] + right, -queries);
      if (offsets[b] !== (first ??= offsets[b])) isUnlikeTheNext('bands have several offsets');
    }
  }
  return found ? { lower, upper } : undefined;
}

/** Bounds below it are none; sums of it and of positions are int32. */
const LEAST_BOUND = -(2 ** 30);

/** Of a bound that is clamped from below now, and grows with what a step adds: it may be computed again only while it is. */
function staysClamped(bound: number, least: number): void {
  if (bound <= least && bound > -Infinity) staysBelow(bound, least + 1);
}

function mergeLengths(op: string, leaves: readonly Leaf[], { batch, keys }: ScoreShape): Int32Array | undefined {
  let merged: Int32Array | undefined;
  for (const leaf of leaves) {
    if (leaf.kind !== 'padding') continue;
    const { lengths } = leaf;
    if (lengths.length !== batch) {
      throw new HeedError('SHAPE_MISMATCH', {
        message: `${op}: padding has ${lengths.length} lengths for a batch of ${batch}`,
        hint: 'one length per batch row',
        details: { lengths: lengths.length, batch },
      });
    }
    const wrong = lengths.find((length) => length < 0 || length > keys);
    if (wrong !== undefined) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `${op}: padding length ${wrong} is outside [0, Tk] with Tk = ${keys}`,
        details: { lengths: [...lengths], keys },
      });
    }
    if (merged) isUnlikeTheNext('lengths come from several places');
    merged = merged ? merged.map((length, b) => Math.min(length, lengths[b])) : lengths;
  }
  return merged;
}

function mergeSegments(
  op: string,
  leaves: readonly Leaf[],
  { batch, queries, keys }: ScoreShape,
): MaskParts['segments'] {
  let merged: { query: Int32Array; key: Int32Array } | undefined;
  for (const leaf of leaves) {
    if (leaf.kind !== 'segments') continue;
    const query = flatten(`${op}: segments: query ids`, leaf.query, batch, queries);
    const key = flatten(`${op}: segments: key ids`, leaf.key, batch, keys);
    merged = merged ? pairIds(merged, { query, key }) : { query, key };
  }
  return merged;
}

function flatten(what: string, rows: readonly Int32Array[], batch: number, time: number): Int32Array {
  if (rows.length !== batch || rows.some((row) => row.length !== time)) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${what} have shape [${rows.length}, ${rows[0]?.length ?? 0}], expected [${batch}, ${time}]`,
      hint: 'ids are [B, Tq] for queries and [B, Tk] for keys; both are needed when Tq and Tk differ',
      details: { batch, time },
    });
  }
  const flat = new Int32Array(batch * time);
  rows.forEach((row, b) => flat.set(row, b * time));
  return flat;
}

type Ids = { query: Int32Array; key: Int32Array };

/** Ids that are equal exactly when both ids were. */
function pairIds(a: Ids, b: Ids): Ids {
  const known = new Map<string, number>();
  const pair = (x: Int32Array, y: Int32Array): Int32Array =>
    x.map((id, i) => {
      const name = `${id},${y[i]}`;
      if (!known.has(name)) known.set(name, known.size);
      return known.get(name)!;
    });
  return { query: pair(a.query, b.query), key: pair(a.key, b.key) };
}
