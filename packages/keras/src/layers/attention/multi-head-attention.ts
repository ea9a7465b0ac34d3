import type { serialization } from '@tensorflow/tfjs-core';
import { HeedError, show, type OptionNames } from '@heed/base';
import type { MaskOf } from '../graph/masks-filled.js';
import type { CallArguments, LayerArgs } from '../keras-layer.js';
import { checkLayerArgs } from '../layer-args.js';
import { checkCount, HEAD_ARGS, type HeadArgs } from './head-args.js';
import { HeadLayer } from './head-layer.js';

export interface MultiHeadAttentionArgs extends HeadArgs {
  /** H */
  readonly numHeads: number;
  /** D, width of each head's queries and keys. */
  readonly keyDim: number;
  /** Dv, width of each head's values; D by default. */
  readonly valueDim?: number | null;
  /** Axes of the output after batch and time, a number for one axis; the width of the query by default. */
  readonly outputShape?: number | readonly number[] | null;
  /** Axes that are attended over, −1 the last; all but batch and features by default. */
  readonly attentionAxes?: number | readonly number[] | null;
}

const ARGS: OptionNames<Omit<MultiHeadAttentionArgs, keyof LayerArgs>> = {
  ...HEAD_ARGS,
  numHeads: true,
  keyDim: true,
  valueDim: true,
  outputShape: true,
  attentionAxes: true,
};

/**
 * Keras's `MultiHeadAttention` in one fused kernel: query [B, T, D], value and key [B, S, D] → [B, T, E], and the scores [B, H, T, S] when
 * `returnAttentionScores` asks for them. Weights: kernel and bias of query, key, gate (where there is one), value and output, named and shaped as
 * in Keras. One tensor alone attends to itself.
 *
 * Where Keras differs from the rest of Heed, this layer does as Keras does: a causal mask is aligned to the top left also where T ≠ S; an
 * explicit `queryMask` has no effect, only the mask on the query itself counts; and a query that may attend to no key gets the mean of all
 * values, padding too, unless scores are asked for, the layer has dropout or the tensors have more axes: then it gets the output's bias alone.
 *
 * @see Vaswani et al. 2017, arXiv:1706.03762
 */
export class MultiHeadAttention extends HeadLayer {
  static readonly className = 'MultiHeadAttention';
  override readonly takesMasksOff = true;
  private readonly axes: readonly number[] | undefined;

  /** @throws HeedError INVALID_ARGUMENT, UNKNOWN_NAME */
  constructor(args: MultiHeadAttentionArgs) {
    const what = 'multiHeadAttention';
    checkLayerArgs(what, args, ARGS);
    super(args, {
      heads: checkCount(`${what}: numHeads`, args.numHeads),
      keyHeads: args.numHeads,
      keyDim: checkCount(`${what}: keyDim`, args.keyDim),
      valueDim: checkCount(`${what}: valueDim`, args.valueDim ?? args.keyDim),
      outputShape: numbers(`${what}: outputShape`, args.outputShape),
    });
    this.axes = numbers(`${what}: attentionAxes`, args.attentionAxes);
  }

  protected override attended(rank: number): readonly number[] {
    return (
      this.axes?.map((axis) => (axis < 0 ? rank + axis : axis)) ?? Array.from({ length: rank - 2 }, (_, n) => n + 1)
    );
  }

  override fillMasks(given: CallArguments, maskOf: MaskOf): CallArguments {
    const { queryMask: _, ...others } = given;
    return super.fillMasks(others, maskOf);
  }

  override getConfig(): serialization.ConfigDict {
    const { heads, keyDim, valueDim, outputShape } = this.sizes;
    const axes = this.rank === undefined ? this.axes : this.attended(this.rank); // as Keras resolves them when it builds
    return {
      ...super.getConfig(),
      numHeads: heads,
      keyDim,
      valueDim,
      outputShape: outputShape === undefined ? null : [...outputShape],
      attentionAxes: axes === undefined ? null : [...axes],
      ...this.headConfig(),
    };
  }
}

function numbers(what: string, given: unknown): readonly number[] | undefined {
  if (given === undefined || given === null) return undefined;
  const list: unknown[] = [given].flat();
  if (list.length > 0 && list.every((item): item is number => Number.isSafeInteger(item))) return list;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what} is ${show(given)}`,
    hint: 'a whole number or a list of them',
  });
}

/** Keras's `MultiHeadAttention`. @throws HeedError INVALID_ARGUMENT, UNKNOWN_NAME */
export function multiHeadAttention(args: MultiHeadAttentionArgs): MultiHeadAttention {
  return new MultiHeadAttention(args);
}
