import { defineModelOp } from '../define.js';

/** Which elements are left out: a pure function of these numbers and of an element's place. */
export interface DropoutAttributes {
  /** The share that is left out, in [0, 1). */
  readonly rate: number;
  /** The key of Philox 4×32-10. */
  readonly key: readonly [number, number];
  /** The last three words of its counter; the first counts blocks of four elements. */
  readonly counter: readonly [number, number, number];
}

export const dropoutSpec = defineModelOp<DropoutAttributes>()({
  name: 'dropout',
  inputs: { x: {} },
  outputs: { y: {} },
});
