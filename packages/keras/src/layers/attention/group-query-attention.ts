import type { serialization } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { HeedError, type OptionNames } from '@heed/base';
import type { CallArguments, CallShapes, LayerArgs } from '../keras-layer.js';
import { checkLayerArgs } from '../layer-args.js';
import { checkCount, HEAD_ARGS, type HeadArgs } from './head-args.js';
import { HeadLayer, mismatch } from './head-layer.js';

export interface GroupQueryAttentionArgs extends HeadArgs {
  /** D, width of each head. */
  readonly headDim: number;
  /** Hq */
  readonly numQueryHeads: number;
  /** Hk, which divides Hq: query head h uses key head ⌊h·Hk / Hq⌋. */
  readonly numKeyValueHeads: number;
}

const ARGS: OptionNames<Omit<GroupQueryAttentionArgs, keyof LayerArgs>> = {
  ...HEAD_ARGS,
  headDim: true,
  numQueryHeads: true,
  numKeyValueHeads: true,
};

/**
 * Keras's `GroupQueryAttention` in one fused kernel, which reads the key heads that query heads share instead of repeating them: query [B, T, E],
 * value and key [B, S, E] → [B, T, E], and scores [B, Hq, T, S]. Weights: kernel and bias of query, key, gate (where there is one), value
 * and output, as in Keras. One tensor alone attends to itself.
 *
 * Masks and queries without a key are as in `MultiHeadAttention`, but that an explicit `queryMask` counts.
 *
 * @see Ainslie et al. 2023, arXiv:2305.13245
 */
export class GroupQueryAttention extends HeadLayer {
  static readonly className = 'GroupQueryAttention';

  /** @throws HeedError INVALID_ARGUMENT, UNKNOWN_NAME */
  constructor(args: GroupQueryAttentionArgs) {
    const what = 'groupQueryAttention';
    checkLayerArgs(what, args, ARGS);
    const heads = checkCount(`${what}: numQueryHeads`, args.numQueryHeads);
    const keyHeads = checkCount(`${what}: numKeyValueHeads`, args.numKeyValueHeads);
    const keyDim = checkCount(`${what}: headDim`, args.headDim);
    if (heads % keyHeads !== 0) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `${what}: ${keyHeads} key heads don't divide ${heads} query heads`,
        hint: 'numQueryHeads is a multiple of numKeyValueHeads',
        details: { heads, keyHeads },
      });
    }
    super(args, { heads, keyHeads, keyDim, valueDim: keyDim });
  }

  protected override attended(): readonly number[] {
    return [1];
  }

  override buildFor(shapes: CallShapes): void {
    checkRank(this.name, shapes);
    super.buildFor(shapes);
  }

  override outputShapes(given: CallArguments): Shape | Shape[] {
    const { query, value } = given as Record<string, Shape>;
    checkRank(this.name, { query });
    // Keras refuses it for symbols only, and computes it for tensors.
    if (query?.at(-1) !== value?.at(-1)) throw mismatch(this.name, 'query and value have one width', { query, value });
    return super.outputShapes(given);
  }

  override getConfig(): serialization.ConfigDict {
    const { heads, keyHeads, keyDim } = this.sizes;
    return {
      ...super.getConfig(),
      headDim: keyDim,
      numQueryHeads: heads,
      numKeyValueHeads: keyHeads,
      ...this.headConfig(),
    };
  }
}

function checkRank(what: string, shapes: CallShapes): void {
  const query = shapes['query'] as Shape | undefined;
  if (query !== undefined && query.length !== 3) throw mismatch(what, 'query is [B, T, E]', { query });
}

/** Keras's `GroupQueryAttention`. @throws HeedError INVALID_ARGUMENT, UNKNOWN_NAME */
export function groupQueryAttention(args: GroupQueryAttentionArgs): GroupQueryAttention {
  return new GroupQueryAttention(args);
}
