/**
 * Kernels for what stands around attention in a recurrent model. A backend may add them to its engine, among its
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
 *
 * With a = Σ terms, split into equal groups of columns, and σ the logistic function:
 *
 * - HeedLstmGates: state = [h | c], next = [h' | c'], gates = [i | f | g | o | tanh c'], where i, f, o = σ(a₁, a₂, a₄),
 *   g = tanh a₃, c' = f∘c + i∘g, h' = o∘tanh c'. Attributes: `RowAttributes`.
 * - HeedGruReset: state = h, gates = [r | z] = σ(a), opened = [r∘h | z].
 * - HeedGruUpdate: candidate = tanh a, next = h + z∘(candidate − h). Attributes: `RowAttributes`.
 * - HeedCrossEntropy: loss = Σ_n weights[n]·H(target n, softmax(logits n)) in nats, where target n gives 1 − smoothing to class
 *   ids[n] and spreads `smoothing` over all V. Attributes: `TargetAttributes`.
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
