/** base^(−2i / width) for i < width / 2, in turns of the pair i per position, radians. */
export function frequencies(width: number, base: number): Float64Array {
  return Float64Array.from({ length: Math.ceil(width / 2) }, (_, i) => base ** ((-2 * i) / width));
}

/** The base of the paper that introduced these frequencies, Vaswani et al. 2017. */
export const DEFAULT_BASE = 10000;
