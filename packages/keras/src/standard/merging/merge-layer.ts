import { HeedError } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Json } from '../../files/read-json.js';
import type { CallArguments } from '../../layers/keras-layer.js';
import type { LayerConfig } from '../layer-config.js';
import { StandardLayer } from '../standard-layer.js';

/** Masks of several tensors, null for those that carry none. */
export type Masks = readonly (Tensor | null)[];

/** How tensors become one. Their masks are null where they carry none. */
export interface Merge {
  merge(inputs: readonly Tensor[], masks: Masks): Tensor;
  /** Mask of the output; by default attended wherever it is in one of the inputs, and none if one of them has none. */
  mask?(inputs: readonly Tensor[], masks: Masks): Tensor | null;
  /** Whether inputs of fewer axes get axes of length 1 after the batch. */
  readonly alignsRanks: boolean;
}

/** A layer that makes one tensor of a list of them. */
export class MergeLayer extends StandardLayer {
  override readonly argumentNames = ['inputs', 'mask'];
  readonly #className: string;
  readonly #merge: Merge;

  constructor(className: string, config: Json, make: (config: LayerConfig) => Merge) {
    super(className, config);
    this.#className = className;
    this.#merge = make(this.config);
    this.supportsMasking = true;
  }

  override getClassName(): string {
    return this.#className;
  }

  override byPosition<T>(tensors: readonly T[]): Readonly<Record<string, T | readonly T[]>> {
    return { inputs: tensors };
  }

  override run({ inputs, mask }: CallArguments): Tensor {
    const list = this.#listOf(inputs);
    const rank = Math.max(...list.map((one) => one.rank));
    const aligned = this.#merge.alignsRanks ? list.map((one) => withRank(one, rank)) : list;
    return this.#merge.merge(aligned, masksOf(list, mask));
  }

  override computeMask(inputs: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor | Tensor[] {
    const list = this.#listOf(inputs);
    const masks = masksOf(list, mask);
    if (masks.every((one) => one === null)) return null as unknown as Tensor; // as the base class does
    return (this.#merge.mask ?? eitherMask)(list, masks) as Tensor;
  }

  #listOf(inputs: unknown): readonly Tensor[] {
    if (Array.isArray(inputs) && inputs.length > 0) return inputs as readonly Tensor[];
    throw new HeedError('INVALID_ARGUMENT', { message: `${this.name}: ${this.#className} takes a list of tensors` });
  }
}

const masksOf = (inputs: readonly Tensor[], mask: unknown): Masks =>
  inputs.map((_, n) => (Array.isArray(mask) ? ((mask as (Tensor | null)[])[n] ?? null) : null));

function withRank(x: Tensor, rank: number): Tensor {
  const [batch, ...others] = x.shape;
  return x.rank === rank ? x : tf.reshape(x, [batch, ...Array.from({ length: rank - x.rank }, () => 1), ...others]);
}

/** Attended where one of the masks does, and none if one of the tensors has none. */
export function eitherMask(_: readonly Tensor[], masks: Masks): Tensor | null {
  if (masks.includes(null)) return null;
  return (masks as readonly Tensor[]).reduce((all, one) => tf.logicalOr(all, one));
}
