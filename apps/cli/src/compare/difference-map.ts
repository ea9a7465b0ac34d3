import type { Expected } from '@heed/conformance';
import type { AttentionMap } from '@heed/heatmap';

// Nothing of a float32 number is right when it is off by so many spacings, nor when it isn't finite where it should be.
const ALL_OFF = 2 ** 24;

/**
 * How far each number of an output is off, in spacings: rows and columns are its last two axes, and along the others it is the
 * worst that shows. What has more rows or columns than cells is drawn in blocks, each as far off as the worst number in it.
 */
export function differenceMap(
  title: string,
  got: ArrayLike<number>,
  { shape, values }: Expected,
  { ulp, cells }: { readonly ulp: number; readonly cells: number },
): AttentionMap {
  const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  const [down, across] = [blocksOf(rows, cells), blocksOf(columns, cells)];
  const weights = Array.from({ length: down.count }, () => new Float64Array(across.count));
  for (let n = 0; n < values.length; n++) {
    const row = weights[Math.floor((Math.floor(n / columns) % rows) / down.size)];
    const column = Math.floor((n % columns) / across.size);
    row[column] = Math.max(row[column], spacings(got[n], values[n], ulp));
  }
  return {
    title: `${title} [${shape}], spacings off`,
    weights,
    rowLabels: down.labels,
    columnLabels: across.labels,
    rowAxis: `axis ${Math.max(0, shape.length - 2)}`,
    columnAxis: `axis ${Math.max(0, shape.length - 1)}`,
  };
}

function spacings(got: number, expected: number, ulp: number): number {
  if (Object.is(got, expected) || got === expected) return 0;
  const off = Math.abs(got - expected) / ulp;
  return Number.isNaN(off) ? ALL_OFF : Math.min(off, ALL_OFF);
}

function blocksOf(length: number, cells: number): { size: number; count: number; labels: string[] } {
  const size = Math.max(1, Math.ceil(length / cells));
  const count = Math.ceil(length / size);
  return { size, count, labels: Array.from({ length: count }, (_, n) => String(n * size)) };
}
