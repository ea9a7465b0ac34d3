/**
 * Kernels for what stands around attention in a recurrent model, and for its training. A backend may add them to its engine, among its
 * `engineKernels`; models look whether they are registered and otherwise compute the same by other means. None of them has
 * a gradient of its own: a forward kernel gives what its backward kernel needs as a last output.
 *
 * Inputs and outputs come in this order, float32. Axis letters: B rows, H units, N rows, V classes. `terms` are one or more
 * tensors whose sum is meant, `dTerms` is the gradient in each of them.
 *
 * | kernel           | inputs                         | outputs                                                        |
 * | ---------------- | ------------------------------ | -------------------------------------------------------------- |
 * | HeedLstmGates    | terms [B, 4H], state [B, 2H]   | next [B, 2H], gates [B, 5H]                                    |
 * | HeedLstmGatesGrad| state, gates, dNext            | dTerms [B, 4H], dState [B, 2H]                                 |
 * | HeedGruReset     | terms [B, 2H], state [B, H]    | opened [B, 2H], gates [B, 2H]                                  |
 * | HeedGruResetGrad | state, gates, dOpened          | dTerms [B, 2H], dState [B, H]                                  |
 * | HeedGruUpdate    | terms [B, H], opened, state    | next [B, H], candidate [B, H]                                  |
 * | HeedGruUpdateGrad| opened, state, candidate, dNext| dTerms [B, H], dOpened [B, 2H], dState [B, H]                  |
 * | HeedCrossEntropy | logits [N, V]                  | loss [], dLogits [N, V]                                        |
 * | HeedAdam         | value, gradient, mean, square  | nextValue, nextMean, nextSquare; all of one shape              |
 * | HeedSquareSum    | tensors x₁, x₂, … of any shape | sum []                                                         |
 *
 * With a = Σ terms, split into equal groups of columns, and σ the logistic function:
 *
 * - HeedLstmGates: state = [h | c], next = [h' | c'], gates = [i | f | g | o | tanh c'], where i, f, o = σ(a₁, a₂, a₄),
 *   g = tanh a₃, c' = f∘c + i∘g, h' = o∘tanh c'. Attributes: `RowAttributes`.
 * - HeedGruReset: state = h, gates = [r | z] = σ(a), opened = [r∘h | z].
 * - HeedGruUpdate: candidate = tanh a, next = h + z∘(candidate − h). Attributes: `RowAttributes`.
 * - HeedCrossEntropy: loss = Σ_n weights[n]·H(target n, softmax(logits n)) in nats, where target n gives 1 − smoothing to class
 *   ids[n] and spreads `smoothing` over all V. Attributes: `TargetAttributes`.
 * - HeedAdam: with g = scale·gradient, m = β₁·mean + (1 − β₁)·g, v = β₂·square + (1 − β₂)·g², in float64: nextMean = m,
 *   nextSquare = v, nextValue = value − rate·m / (√v + ε). Attributes: `AdamAttributes`.
 * - HeedSquareSum: Σ x² over all elements of all inputs, added up in float64.
 *
 * A row that isn't active has next = state, and sends all of its gradient into the state. Backward kernels get the
 * attributes of their forward kernels.
 */
export const MODEL_KERNELS = {
  lstmGates: 'HeedLstmGates',
  lstmGatesGrad: 'HeedLstmGatesGrad',
  gruReset: 'HeedGruReset',
  gruResetGrad: 'HeedGruResetGrad',
  gruUpdate: 'HeedGruUpdate',
  gruUpdateGrad: 'HeedGruUpdateGrad',
  crossEntropy: 'HeedCrossEntropy',
  adam: 'HeedAdam',
  squareSum: 'HeedSquareSum',
} as const;

export interface RowAttributes {
  /** Per row, 0 for one that isn't active; absent when all are. */
  readonly active?: Uint8Array;
}

export interface TargetAttributes {
  /** The right class of each row. */
  readonly ids: Int32Array;
  /** What each row counts; the logits of one that counts 0 reach neither the loss nor a gradient. */
  readonly weights: Float32Array;
  /** In [0, 1). */
  readonly smoothing: number;
}

export interface AdamAttributes {
  /** The learning rate, corrected for the slots having started at 0. */
  readonly rate: number;
  /** ε, corrected likewise. */
  readonly epsilon: number;
  readonly scale: number;
  readonly beta1: number;
  readonly beta2: number;
}
