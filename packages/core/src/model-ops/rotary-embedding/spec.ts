import { defineModelOp } from '../define.js';

export type RotaryLayout = 'interleaved' | 'half';

/** Which rows of the tables [P, C] positions turn by. All of them are in [0, P). */
export interface RotaryAttributes {
  /** Features of pair i: 'interleaved' 2i and 2i + 1, 'half' i and i + C. Those from 2C on stay as they are. */
  readonly layout: RotaryLayout;
  /** −1 turns back, which is the gradient. */
  readonly direction: 1 | -1;
  /** The row for the first position of each batch row, [B]; the rows after it follow. */
  readonly starts: Int32Array;
  /** The row for each position instead, [B·T]; then `starts` are those of the first ones. */
  readonly rows?: Int32Array;
}

export const rotaryEmbeddingSpec = defineModelOp<RotaryAttributes>()({
  name: 'rotaryEmbedding',
  inputs: {
    x: { shape: ['B', 'H', 'T', 'D'] },
    cos: { shape: ['P', 'C'], saved: true, constant: true },
    sin: { shape: ['P', 'C'], saved: true, constant: true },
  },
  outputs: { y: { shape: ['B', 'H', 'T', 'D'] } },
});
