import type { AttentionMap } from '@heed/heatmap';
import { UsageError } from '../usage-error.js';
import type { AttendFlags } from '../commands/attend-command.js';
import type { Allowed } from './masks.js';

interface WeightsArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The axes of weights [Tq, Tk], [B, Tq, Tk] or [B, H, Tq, Tk], or [H, Tq, Tk] where inputs have no batch. */
export function axesOf(shape: readonly number[], inputRank: number) {
  const hasBatch = inputRank > 2;
  const hasHeads = shape.length > (hasBatch ? 3 : 2);
  const [queries, keys] = shape.slice(-2) as [number, number];
  return { hasBatch, hasHeads, batch: hasBatch ? shape[0] : 1, heads: hasHeads ? shape.at(-3)! : 1, queries, keys };
}

/** One map for each batch row and head of weights. */
export function mapsOf(
  { shape, data }: WeightsArray,
  inputRank: number,
  flags: AttendFlags,
  allowed?: Allowed,
): AttentionMap[] {
  const { hasBatch, hasHeads, batch, heads, queries: rows, keys: columns } = axesOf(shape, inputRank);
  const rowLabels = labelsOf('--row-labels', flags.rowLabels, rows);
  const columnLabels = labelsOf('--column-labels', flags.columnLabels, columns);
  return Array.from({ length: batch * heads }, (_, n) => {
    const [b, h] = [Math.floor(n / heads), n % heads];
    const start = n * rows * columns;
    const parts = [...(hasBatch ? [`batch ${b}`] : []), ...(hasHeads ? [`head ${h}`] : [])];
    return {
      weights: Array.from({ length: rows }, (_, i) => data.subarray(start + i * columns, start + (i + 1) * columns)),
      ...(allowed && { masked: maskedRows(allowed, b, h) }),
      title: parts.join(', '),
      rowLabels,
      columnLabels,
    };
  });
}

/** The part of a batch row and a head; an axis of 1 is the same for all. */
function maskedRows({ shape, data }: Allowed, b: number, h: number): boolean[][] {
  const [batch, heads, rows, columns] = shape as [number, number, number, number];
  const start = ((b % batch) * heads + (h % heads)) * rows * columns;
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => data[start + i * columns + j] === 0),
  );
}

function labelsOf(flag: string, list: string | undefined, length: number): string[] {
  const labels = list === undefined ? Array.from({ length }, (_, n) => String(n)) : list.split(',');
  if (labels.length === length) return labels;
  throw new UsageError(`${flag} has ${labels.length} names, the axis has ${length}`);
}
