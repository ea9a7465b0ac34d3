import { checkOptions, HeedError, show, type OptionNames } from '@heed/base';

/** Attention weights of one layer, in row-major order, such as `{ shape: weights.shape, data: weights.dataSync() }` of one sequence. */
export interface LayerWeights {
  /** [H, T, T], or [1, H, T, T] */
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

export interface RolloutOptions {
  /** Share of what passes a layer by, in [0, 1]; 0.5 by default, as in the paper. */
  readonly residual?: number;
  /** How a layer's heads become one; their mean by default, as in the paper. Rows of greatest or least weights are divided by their sums. */
  readonly heads?: keyof typeof FUSED;
}

const OPTIONS: OptionNames<RolloutOptions> = { residual: true, heads: true };

/** How a head's weight joins those of heads before it; of a sum in place of a mean, rows are the same once they are divided by their sums. */
const FUSED = {
  mean: (fused: number, weight: number) => fused + weight,
  max: (fused: number, weight: number) => Math.max(fused, weight),
  min: (fused: number, weight: number) => Math.min(fused, weight),
} as const;

const PAPER_RESIDUAL = 0.5;

/**
 * Attention rollout: how much of each input is in each position after each layer, as attention alone tells it. With W of layer l fused from its
 * heads and r the residual share, A_l = (1 − r)·W_l + r·I, rows divided by their sums, and R_l = A_l R_{l−1}.
 *
 * @param attentions self-attention weights of the layers from the first on, all of one T
 * @returns R of each layer as T rows of T, whose sums are 1; a row that attends to nothing and has no residual is 0
 * @throws HeedError SHAPE_MISMATCH for what isn't square or of one size; NOT_FINITE for weights that are no numbers;
 *   INVALID_ARGUMENT, UNKNOWN_OPTION
 * @see Abnar & Zuidema 2020, "Quantifying Attention Flow in Transformers", arXiv:2005.00928, §3, equation 1
 */
export function attentionRollout(
  attentions: readonly LayerWeights[],
  options: RolloutOptions = {},
): readonly (readonly Float32Array[])[] {
  checkOptions('attentionRollout', options, OPTIONS);
  const { residual = PAPER_RESIDUAL, heads = 'mean' } = options;
  if (typeof residual !== 'number' || !(residual >= 0 && residual <= 1)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `attentionRollout: residual is ${show(residual)}`,
      hint: 'a number from 0 to 1',
    });
  }
  if (!Object.hasOwn(FUSED, heads)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `attentionRollout: heads is ${show(heads)}`,
      hint: Object.keys(FUSED).join(', '),
    });
  }
  const sides = attentions.map((layer, n) => sideOf(layer, n, attentions[0]!));
  let before: Float64Array[] | undefined;
  return attentions.map((layer, n) => {
    const mixed = mixedRows(layer, sides[n]!, residual, FUSED[heads]);
    const rolled = before === undefined ? mixed : product(mixed, before);
    before = rolled;
    return rolled.map((row) => Float32Array.from(row));
  });
}

/** T of a layer. */
function sideOf({ shape, data }: LayerWeights, layer: number, first: LayerWeights): number {
  const axes = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  const [heads, side, keys] = axes;
  const isSquare = axes.length === 3 && heads! > 0 && side === keys && data.length === heads! * side! * side!;
  if (!isSquare || side !== first.shape.at(-1)) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `attentionRollout: layer ${layer} is [${shape}] with ${data.length} weights, and layer 0 [${first.shape}]`,
      hint: 'give self-attention of one sequence: [heads, T, T] of each layer, with one T',
      details: { layer, shape, first: first.shape },
    });
  }
  for (let n = 0; n < data.length; n++) {
    if (Number.isFinite(data[n])) continue;
    throw new HeedError('NOT_FINITE', {
      message: `attentionRollout: layer ${layer} has ${data[n]} at flat index ${n}`,
      details: { layer, index: n },
    });
  }
  return side!;
}

/** A = (1 − r)·W + r·I, rows of both divided by their sums. */
function mixedRows(
  { data }: LayerWeights,
  side: number,
  residual: number,
  fuse: (fused: number, weight: number) => number,
): Float64Array[] {
  return Array.from({ length: side }, (_, i) => {
    const row = Float64Array.from({ length: side }, (_, j) => data[i * side + j]!);
    for (let start = (side + i) * side; start < data.length; start += side * side) {
      for (let j = 0; j < side; j++) row[j] = fuse(row[j]!, data[start + j]!);
    }
    const mixed = divided(row).map((weight) => (1 - residual) * weight);
    mixed[i]! += residual;
    return divided(mixed);
  });
}

function divided(row: Float64Array): Float64Array {
  const sum = row.reduce((sum, weight) => sum + weight, 0);
  return sum > 0 ? row.map((weight) => weight / sum) : row;
}

function product(left: readonly Float64Array[], right: readonly Float64Array[]): Float64Array[] {
  return left.map((factors) => {
    const sums = new Float64Array(factors.length);
    for (const [k, factor] of factors.entries()) {
      // Half of them, where a model is causal.
      if (factor === 0) continue;
      const row = right[k]!;
      for (let j = 0; j < row.length; j++) sums[j]! += factor * row[j]!;
    }
    return sums;
  });
}
