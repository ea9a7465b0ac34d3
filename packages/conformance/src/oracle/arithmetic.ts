/**
 * What happens to the result of each operation. The oracle keeps the float64 that it is; the naive form rounds it to
 * float32. Both walk through the same loops in the same order, so their difference is what float32 costs.
 */
export type Round = (x: number) => number;

export const float64: Round = (x) => x;
export const float32: Round = (x) => Math.fround(x);

/** A function of a position in the scores [B, H, Tq, Tk]. */
export type At<T> = (b: number, h: number, i: number, j: number) => T;
