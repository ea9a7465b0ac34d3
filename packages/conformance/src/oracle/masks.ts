import type { Alignment } from '@heed/core';
import type { MaskValue, ScoreSizes } from '../example.js';
import type { At } from './arithmetic.js';

/** May query i of batch b and head h attend to key j? By the definition of each mask, one position at a time. */
export function attendance(mask: MaskValue | undefined, sizes: ScoreSizes): At<boolean> {
  return (b, h, i, j) => mask === undefined || attends(mask, sizes, b, h, i, j);
}

function attends(mask: MaskValue, sizes: ScoreSizes, b: number, h: number, i: number, j: number): boolean {
  switch (mask.kind) {
    case 'causal':
      return j <= i + offsetOf(mask, sizes, b);
    case 'slidingWindow': {
      const position = i + offsetOf(mask, sizes, b);
      return j >= position - (mask.left ?? Infinity) && j <= position + (mask.right ?? Infinity);
    }
    case 'padding':
      return j < mask.lengths[b];
    case 'segments':
      return mask.query[b][i] === (mask.key ?? mask.query)[b][j];
    case 'dense':
      return mask.values[denseIndex(mask, sizes, b, h, i, j)] !== 0;
    case 'both':
      return mask.masks.every((part) => attends(part, sizes, b, h, i, j));
  }
}

/** The key position that query 0 of batch b sits on. */
export function offsetOf({ align, offset }: Alignment, { queries, keys }: ScoreSizes, b: number): number {
  if (typeof offset === 'number') return offset;
  if (offset !== undefined) return offset[b];
  return align === 'bottom-right' ? keys - queries : 0;
}

/** Where a dense mask or bias holds position (b, h, i, j): by the names of its axes, or from the right of the weights. */
export function denseIndex(
  { shape, axes }: { readonly shape: readonly number[]; readonly axes?: string },
  { heads }: ScoreSizes,
  ...[b, h, i, j]: [b: number, h: number, i: number, j: number]
): number {
  const letters = axes ?? (shape.length === 3 && heads === 1 ? 'bqk' : 'bhqk'.slice(4 - shape.length));
  const place = { b, h, q: i, k: j } as Readonly<Record<string, number>>;
  return shape.reduce((index, length, axis) => index * length + (length === 1 ? 0 : place[letters[axis]]), 0);
}

/** Where a tensor that broadcasts to [B, H, Tq, Tk] from the right holds position (b, h, i, j). */
export function broadcastIndex(shape: readonly number[], b: number, h: number, i: number, j: number): number {
  const position = [b, h, i, j].slice(4 - shape.length);
  return shape.reduce((index, length, axis) => index * length + (length === 1 ? 0 : position[axis]), 0);
}
