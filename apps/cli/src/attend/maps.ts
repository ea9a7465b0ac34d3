import type { AttentionMap } from '@heed/heatmap';
import { UsageError } from '../usage-error.js';
import type { AttendFlags } from './flags.js';

interface WeightsArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * One map for each batch row and head of weights [Tq, Tk], [B, Tq, Tk] or [B, H, Tq, Tk], or [H, Tq, Tk] where inputs have no
 * batch.
 */
export function mapsOf({ shape, data }: WeightsArray, inputRank: number, flags: AttendFlags): AttentionMap[] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  const rowLabels = labelsOf('--row-labels', flags.rowLabels, rows);
  const columnLabels = labelsOf('--column-labels', flags.columnLabels, columns);
  const hasBatch = inputRank > 2;
  const hasHeads = shape.length > (hasBatch ? 3 : 2);
  const heads = hasHeads ? shape.at(-3)! : 1;
  const count = shape.slice(0, -2).reduce((product, length) => product * length, 1);
  return Array.from({ length: count }, (_, n) => {
    const start = n * rows * columns;
    const parts = [...(hasBatch ? [`batch ${Math.floor(n / heads)}`] : []), ...(hasHeads ? [`head ${n % heads}`] : [])];
    return {
      weights: Array.from({ length: rows }, (_, i) => data.subarray(start + i * columns, start + (i + 1) * columns)),
      title: parts.join(', '),
      rowLabels,
      columnLabels,
    };
  });
}

function labelsOf(flag: string, list: string | undefined, length: number): string[] {
  const labels = list === undefined ? Array.from({ length }, (_, n) => String(n)) : list.split(',');
  if (labels.length === length) return labels;
  throw new UsageError(`${flag} has ${labels.length} names, the axis has ${length}`);
}
