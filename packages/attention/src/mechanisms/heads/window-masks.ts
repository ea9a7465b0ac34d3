import * as tf from '@tensorflow/tfjs-core';
import { materialize, resolveOffsets, type Mask } from '@heed/core';
import { intoWindows, type Windows } from './windows.js';

type ScoreShape = Parameters<typeof materialize>[1];

/** Whether query i of row b may attend to position j. */
type Allows = (b: number, i: number, j: number) => boolean;

/**
 * Who may take part in windows: positions that there are, as far as a mask allows them. Of a mask that is a matter of positions no table of
 * T·Tk is made.
 *
 * @returns int32 [1 or N, 1 or H, T, w]
 */
export function openIn(window: Windows, mask: Mask | undefined, shape: ScoreShape): tf.Tensor4D {
  const all = mask === undefined ? [] : partsOf(mask);
  const rules = all.flatMap((part) => ruleOf(part, shape) ?? []);
  const { queries, width, start } = window;
  const rows = rules.length > 0 ? shape.batch : 1;
  const open = new Int32Array(rows * queries * width);
  for (let b = 0, n = 0; b < rows; b++) {
    for (let i = 0; i < queries; i++) {
      for (let j = i + start; j < i + start + width; j++, n++) {
        open[n] = j >= 0 && j < shape.keys && rules.every((allows) => allows(b, i, j)) ? 1 : 0;
      }
    }
  }
  const tables = all.filter((part) => ruleOf(part, shape) === undefined).map((part) => tableOf(part, window, shape));
  return tables.reduce<tf.Tensor4D>(
    (joined, table) => tf.mul(joined, table),
    tf.tensor4d(open, [rows, 1, queries, width], 'int32'),
  );
}

const partsOf = (mask: Mask): readonly Mask[] => (mask.kind === 'both' ? mask.masks.flatMap(partsOf) : [mask]);

function ruleOf(mask: Mask, shape: ScoreShape): Allows | undefined {
  switch (mask.kind) {
    case 'causal':
    case 'slidingWindow': {
      const { kind, left = Infinity, right = 0, ...alignment } = { left: undefined, right: undefined, ...mask };
      const offsets = resolveOffsets(kind, alignment, shape);
      return (b, i, j) => j - i - offsets[b]! <= right && i + offsets[b]! - j <= left;
    }
    case 'padding':
      return (b, _, j) => j < mask.lengths[b]!;
    default:
      return undefined;
  }
}

/** int32 [1 or N, 1 or H, T, w] */
function tableOf(mask: Mask, window: Windows, shape: ScoreShape): tf.Tensor4D {
  const { queries, width } = window;
  const table = tf.cast(materialize(mask, shape), 'int32');
  const [rows, heads] = table.shape;
  const whole = tf.broadcastTo(table, [rows, heads, queries, shape.keys]);
  const windows = intoWindows(tf.reshape(whole, [rows * heads, queries, shape.keys]), window);
  return tf.reshape(windows, [rows, heads, queries, width]);
}
