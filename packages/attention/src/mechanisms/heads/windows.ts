import * as tf from '@tensorflow/tfjs-core';

/** Window of w positions for each of T queries: query i's begins at position i + start, which may lie before or after all there are. */
export interface Windows {
  readonly queries: number;
  readonly width: number;
  readonly start: number;
}

/** What each query finds in its window, 0 beyond the positions that there are: [R, Tk, D] → [R, w, T, D]. */
export function windowsOf(x: tf.Tensor3D, { queries, width, start }: Windows): tf.Tensor4D {
  const [rows, , depth] = x.shape;
  const padded = shifted(x, 1, start, queries + width - 1); // position i + start + f at i + f
  const piece = (from: number, count: number): tf.Tensor3D => tf.slice(padded, [0, from, 0], [rows, count, depth]);
  const places = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
  // In as few pieces as it takes: a window for each query, or all queries' positions at each place of their windows.
  return queries < width
    ? (tf.stack<tf.Tensor3D>(
        places(queries).map((i) => piece(i, width)),
        2,
      ) as tf.Tensor4D)
    : (tf.stack<tf.Tensor3D>(
        places(width).map((f) => piece(f, queries)),
        1,
      ) as tf.Tensor4D);
}

/** The windows of a table of queries and positions: [R, T, Tk] → [R, T, w], 0 beyond the positions that there are. */
export function intoWindows(table: tf.Tensor3D, { queries, width, start }: Windows): tf.Tensor3D {
  const rows = table.shape[0];
  // A row of P numbers read as rows of P + 1 begins one place later each time.
  const span = queries + width - 1;
  const flat = tf.reshape(shifted(table, 2, start, span), [rows, queries * span]);
  const skewed = tf.reshape(
    tf.pad(flat, [
      [0, 0],
      [0, queries],
    ]),
    [rows, queries, span + 1],
  ) as tf.Tensor3D;
  return tf.slice(skewed, [0, 0, 0], [rows, queries, width]);
}

/** The table of queries and positions whose windows these are, 0 outside of them: [R, T, w] → [R, T, Tk]. */
export function outOfWindows(windows: tf.Tensor3D, { queries, width, start }: Windows, positions: number): tf.Tensor3D {
  const rows = windows.shape[0];
  const span = queries + width - 1;
  const flat = tf.reshape(
    tf.pad(windows, [
      [0, 0],
      [0, 0],
      [0, queries],
    ]),
    [rows, queries * (span + 1)],
  );
  const skewed = tf.reshape(tf.slice(flat, [0, 0], [rows, queries * span]), [rows, queries, span]) as tf.Tensor3D;
  return shifted(skewed, 2, -start, positions);
}

/** Whether any of so many positions is in any query's window; without one there is nothing that the functions above could gather. */
export const hasPositions = ({ queries, width, start }: Windows, positions: number): boolean =>
  start < positions && start + queries + width - 1 > 0;

/** `count` places along an axis from place `start` on, 0 where there are none. */
function shifted(x: tf.Tensor3D, axis: number, start: number, count: number): tf.Tensor3D {
  const length = x.shape[axis]!;
  const [from, to] = [Math.max(0, start), Math.min(length, start + count)];
  const begin = x.shape.map((_, n) => (n === axis ? from : 0));
  const part = tf.slice(x as tf.Tensor, begin, x.shape.with(axis, to - from));
  const missing = x.shape.map((_, n): [number, number] => (n === axis ? [from - start, start + count - to] : [0, 0]));
  return (to - from === count ? part : tf.pad(part, missing)) as tf.Tensor3D;
}
