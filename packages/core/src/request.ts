/**
 * What every op's request is made of: sizes, and masks, biases and dropout in their normalised form.
 *
 * Axis letters: B batch, Hq query heads, Hk key heads, Tq queries, Tk keys, D head width, Dv value width, U units.
 */

/** What core needs to know of a request, whatever its op. */
export interface AnyRequest {
  readonly op: string;
  readonly batch: number;
  /** Absent where the op has no axis of heads. */
  readonly heads?: number;
  readonly queries: number;
  readonly keys: number;
  readonly valueWidth: number;
}

/** `[B, H, Tq, Tk]` where any axis may be 1 to mean "the same along it". */
export type Shape4 = readonly [number, number, number, number];

/**
 * A mask, normalised. Query i of batch b may attend to key j when every part that is present allows it.
 */
export interface MaskParts {
  /** `lower[b] ≤ j − i ≤ upper[b]`; both of length B, clamped to [−Tq, Tk], so always finite. */
  readonly band?: { readonly lower: Int32Array; readonly upper: Int32Array };
  /** `j < lengths[b]`, of length B, each in [0, Tk]. */
  readonly lengths?: Int32Array;
  /** `query[b·Tq + i] === key[b·Tk + j]`. */
  readonly segments?: { readonly query: Int32Array; readonly key: Int32Array };
  /** Shape of the bool tensor in `inputs.mask`; true = attend. Each axis is full or 1. */
  readonly dense?: Shape4;
}

/** A bias, normalised: the sum of the parts that are present. */
export interface BiasParts {
  /** Shape of the float tensor in `inputs.bias`. −∞ masks the position. Each axis is full or 1. */
  readonly dense?: Shape4;
  /** `−slopes[h]·|j − i − offsets[b]|`; slopes of length Hq, offsets of length B. */
  readonly alibi?: { readonly slopes: Float32Array; readonly offsets: Int32Array };
  /**
   * `table[h, clamp(j − i − offsets[b], −R, R) + R]` with `inputs.table` of shape [Hq or 1, 2R + 1]; offsets of length B.
   */
  readonly relative?: { readonly heads: number; readonly reach: number; readonly offsets: Int32Array };
}

/**
 * Keep weight number n (its index in the row-major [B, H, Tq, Tk] array) when the first word of Philox 4×32-10 with
 * counter (n mod 2³², ⌊n / 2³²⌋, 0, 0) and key (seed mod 2³², ⌊seed / 2³²⌋) is ≥ ⌊rate·2³²⌋; kept weights are scaled by
 * 1/(1 − rate).
 */
export interface Dropout {
  /** In (0, 1). */
  readonly rate: number;
  /** An integer in [0, 2⁵³). */
  readonly seed: number;
}
