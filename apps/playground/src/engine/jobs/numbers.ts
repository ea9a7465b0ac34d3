/** Values of a tensor, row-major. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
