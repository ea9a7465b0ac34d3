import { defineModelOp } from '../define.js';

export interface LookupAttributes {
  /** The rows that are looked up, [N]. */
  readonly ids: Int32Array;
  /** V: how many there are. */
  readonly size: number;
}

export const lookupSpec = defineModelOp<LookupAttributes>()({
  name: 'lookup',
  inputs: { table: { shape: ['V', 'W'] } },
  outputs: { rows: { shape: ['N', 'W'] } },
});
