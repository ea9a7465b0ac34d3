import {
  both,
  causal,
  dense,
  materialize,
  padding,
  slidingWindow,
  type Alignment,
  type Axes,
  type DenseOptions,
  type Mask,
} from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { AttendFlags } from '../commands/attend-command.js';
import type { Inputs } from './inputs.js';

export function alignmentOf({ align, offset }: AttendFlags): Alignment {
  return {
    ...(align !== undefined && { align: align as 'top-left' | 'bottom-right' }),
    ...(offset !== undefined && { offset }),
  };
}

/** For `causal`: false, or the alignment that it was given, or plain `true`. */
export function causalOf(flags: AttendFlags): boolean | Alignment {
  if (flags.causal !== true) return false;
  const alignment = alignmentOf(flags);
  return Object.keys(alignment).length > 0 ? alignment : true;
}

/** The axes of a mask or bias; `dense` refuses what are none. */
export const axesOf = (axes: string | undefined): DenseOptions => (axes === undefined ? {} : { axes: axes as Axes });

/** Everything but `--causal`, joined; undefined when nothing is masked. */
export async function maskOf(inputs: Inputs, flags: AttendFlags): Promise<Mask | undefined> {
  const masks: Mask[] = [];
  if (flags.window !== undefined) {
    const [left, right] = flags.window;
    masks.push(slidingWindow({ left, right, ...alignmentOf(flags) }));
  }
  if (flags.lengths !== undefined) masks.push(padding(flags.lengths));
  if (flags.mask !== undefined) {
    const { shape, data } = await inputs.mask();
    masks.push(dense(tf.tensor(Uint8Array.from(data), shape, 'bool'), axesOf(flags.maskAxes)));
  }
  return masks.length > 1 ? both(...masks) : masks[0];
}

/** Where a query may attend, [B or 1, H or 1, Tq, Tk]: 1, and 0 where a mask or a bias of −∞ forbids it. */
export interface Allowed {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/**
 * What all masks of the flags together allow; undefined when nothing is masked.
 *
 * @param shape of the weights, [B, H, Tq, Tk]
 */
export async function allowedOf(
  inputs: Inputs,
  flags: AttendFlags,
  shape: readonly [batch: number, heads: number, queries: number, keys: number],
): Promise<Allowed | undefined> {
  const masks: Mask[] = [];
  if (flags.causal === true) masks.push(causal(alignmentOf(flags)));
  const rest = await maskOf(inputs, flags);
  if (rest !== undefined) masks.push(rest);
  if (flags.bias !== undefined) {
    const bias = await inputs.array('bias');
    const open = Uint8Array.from(bias.data, (value) => Number(value !== -Infinity));
    masks.push(dense(tf.tensor(open, bias.shape, 'bool'), axesOf(flags.biasAxes)));
  }
  if (masks.length === 0) return undefined;
  const [batch, heads, queries, keys] = shape;
  const allowed = materialize(both(...masks), { batch, heads, queries, keys });
  return { shape: allowed.shape, data: (await allowed.data()) as unknown as Uint8Array };
}
