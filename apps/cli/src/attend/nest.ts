import { shortest } from '@heed/heatmap';

/** Nested lists of a flat row-major array: for [2, 3] two lists of three. */
export function nest(data: ArrayLike<number>, shape: readonly number[]): unknown {
  const build = (axis: number, start: number, size: number): unknown => {
    if (axis === shape.length) return shortest(data[start]);
    const length = shape[axis];
    const step = size / Math.max(1, length);
    return Array.from({ length }, (_, n) => build(axis + 1, start + n * step, step));
  };
  return build(0, 0, data.length);
}
