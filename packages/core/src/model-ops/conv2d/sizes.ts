import type { Conv2dAttributes } from './spec.js';

/** Lengths of all axes of a convolution; P × Q places have all of the filter on x and its zeros. */
export interface Conv2dSizes {
  readonly batch: number;
  /** H, W and C of x */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** K and L */
  readonly filterHeight: number;
  readonly filterWidth: number;
  /** O */
  readonly filters: number;
  /** P */
  readonly rows: number;
  /** Q */
  readonly columns: number;
}

type Shape = readonly number[];

/** @param x [B, H, W, C]; @param filter [K, L, C, O] */
export function conv2dSizes(x: Shape, filter: Shape, attributes: Conv2dAttributes): Conv2dSizes {
  const [batch, height, width, channels] = x as [number, number, number, number];
  const [filterHeight, filterWidth, , filters] = filter as [number, number, number, number];
  const { strides, padRows, padColumns } = attributes;
  return {
    batch,
    height,
    width,
    channels,
    filterHeight,
    filterWidth,
    filters,
    rows: places(height, filterHeight, strides[0], padRows),
    columns: places(width, filterWidth, strides[1], padColumns),
  };
}

const places = (length: number, filter: number, stride: number, [before, after]: readonly [number, number]): number =>
  Math.floor((before + length + after - filter) / stride) + 1;
