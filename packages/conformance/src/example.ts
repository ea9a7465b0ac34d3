import type { Alignment, Axes, Dropout, OpName } from '@heed/core';

/**
 * An example of a call of an op, as plain data: sizes and options, with masks and biases as in the public algebra. `draw` adds
 * numbers from the case's seed, which turns an `Example` into an `Instance`. This is what examples of all ops have; each op's own
 * fields stand with it in `ops/`.
 *
 * Axis letters: B batch, Hq query heads, Hk key heads, Tq queries, Tk keys, D head width, Dv value width, U units.
 */
export interface Example {
  readonly op: OpName;
  readonly queries: number;
  readonly keys: number;
  readonly valueWidth: number;
  readonly mask?: MaskSpec;
  /** Bias; absent for ops that take none. */
  readonly bias?: BiasSpec;
  /** Option `causal` of the op, which is joined with the mask. */
  readonly causal?: true | Alignment;
  readonly dropout?: Dropout;
  /** Outputs that are asked for in addition to the context. */
  readonly outputs?: readonly Exclude<OutputName, 'context'>[];
  /** Outputs that the loss depends on. Default: all that are asked for. */
  readonly lossIn?: readonly OutputName[];
  /** Numbers of an input, row by row, that replace the drawn ones; by input name. */
  readonly numbers?: Readonly<Record<string, readonly number[]>>;
  /** Factor of an input's standard normal numbers, by input name. */
  readonly magnitude?: Readonly<Record<string, number>>;
  /** Step to whose multiples an input's numbers are rounded, so that ties and exact sums occur; by input name. */
  readonly grid?: Readonly<Record<string, number>>;
  readonly poison?: readonly Poison[];
}

export type OutputName = 'context' | 'weights' | 'logSumExp' | 'state' | 'normalizer';

/** All outputs of the example, the context first. */
export function outputsOf({ outputs = [] }: Pick<Example, 'outputs'>): OutputName[] {
  return ['context', ...outputs];
}

/** Mask algebra of core, with `Dense` instead of a tensor. */
type MaskTree<Dense> =
  | ({ readonly kind: 'causal' } & Alignment)
  | ({ readonly kind: 'slidingWindow'; readonly left?: number; readonly right?: number } & Alignment)
  | { readonly kind: 'padding'; readonly lengths: readonly number[] }
  | {
      readonly kind: 'segments';
      readonly query: readonly (readonly number[])[];
      readonly key?: readonly (readonly number[])[];
    }
  | Dense
  | { readonly kind: 'both'; readonly masks: readonly MaskTree<Dense>[] };

export type MaskSpec = MaskTree<DenseMaskSpec>;
/** Mask of an instance, which the oracle reads. */
export type MaskValue = MaskTree<DenseMaskValue>;

interface DenseMaskSpec {
  readonly kind: 'dense';
  /** Shape, which broadcasts to [B, H, Tq, Tk], from the right or as `axes` says. */
  readonly shape: readonly number[];
  readonly axes?: Axes;
  /** Share of positions that attend. */
  readonly attended: number;
  /** Queries that attend to nothing. */
  readonly emptyRows?: readonly number[];
  /** Keys that nothing attends to. */
  readonly emptyColumns?: readonly number[];
  /** Bytes that are used for true, in turn. Default [1]. */
  readonly bytes?: readonly number[];
}

interface DenseMaskValue {
  readonly kind: 'dense';
  readonly shape: readonly number[];
  readonly axes?: Axes;
  /** Values: 0 is masked, anything else attends. */
  readonly values: Uint8Array;
}

type BiasTree<Dense, Relative> =
  | ({ readonly kind: 'alibi'; readonly slopes?: readonly number[] } & Alignment)
  | Relative
  | Dense
  | { readonly kind: 'sum'; readonly biases: readonly BiasTree<Dense, Relative>[] };

export type BiasSpec = BiasTree<DenseBiasSpec, RelativeSpec>;
export type BiasValue = BiasTree<DenseBiasValue, RelativeValue>;

interface DenseBiasSpec {
  readonly kind: 'dense';
  readonly shape: readonly number[];
  readonly axes?: Axes;
  /** Number that is added to the standard normal numbers. */
  readonly offset?: number;
  /** Number that replaces all drawn ones. */
  readonly constant?: number;
  /** Share of positions that are −∞. */
  readonly masked?: number;
  /** Queries whose whole row is −∞. */
  readonly emptyRows?: readonly number[];
  /** Keys whose whole column is −∞. */
  readonly emptyColumns?: readonly number[];
}

interface DenseBiasValue extends TensorValue {
  readonly kind: 'dense';
  readonly axes?: Axes;
}

interface RelativeSpec extends Alignment {
  readonly kind: 'relativePosition';
  /** Rows of the table: the number of heads, or 1. */
  readonly rows: number;
  /** R: the table has 2R + 1 columns. */
  readonly reach: number;
}

interface RelativeValue extends RelativeSpec {
  readonly values: TensorValue['values'];
}

/** Special numbers, such as NaN, that replace drawn ones of an input. */
export interface Poison {
  readonly input: string;
  readonly value: number;
  /**
   * Positions that are filled. 'masked': every key or value that no query attends to (for `query`: every query that attends to
   * nothing). Otherwise leading indices: [b, h, j] fills a whole key.
   */
  readonly at: 'masked' | readonly number[];
}

export interface TensorValue {
  readonly shape: readonly number[];
  /** Values, which are float32 numbers, except where central differences step between them. */
  readonly values: Float32Array | Float64Array;
}

/** An example with its numbers, which is everything that the oracle or an op needs. */
export interface Instance<E extends Example = Example> {
  readonly example: E;
  /** Inputs of the op by name: query, key, value, vector, scores. */
  readonly inputs: Readonly<Record<string, TensorValue>>;
  /** Mask without that of the example's `causal`. */
  readonly mask?: MaskValue;
  readonly bias?: BiasValue;
  /** Gradient of the loss with respect to each output that is asked for; the loss is Σ output∘cotangent. */
  readonly cotangents: Readonly<Partial<Record<OutputName, TensorValue>>>;
}

/** Sizes of the scores. */
export interface ScoreSizes {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
}

/** Mask of an instance, joined with `causal`. */
export function maskOf({ example, mask }: Pick<Instance, 'example' | 'mask'>): MaskValue | undefined {
  if (example.causal === undefined) return mask;
  const triangle: MaskValue = { kind: 'causal', ...(example.causal === true ? {} : example.causal) };
  return mask === undefined ? triangle : { kind: 'both', masks: [mask, triangle] };
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
