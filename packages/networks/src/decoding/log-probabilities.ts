import { HeedError } from '@heed/core';
import { LEAST_ATTENTION, logAddExp, logSigmoid, type CopyTable } from '@heed/nn';

/** Row-major [N, W]. @throws HeedError NOT_FINITE */
export function logSoftmax(logits: Float32Array, width: number): Float64Array {
  const result = new Float64Array(logits.length);
  for (let row = 0; row < logits.length; row += width) {
    let greatest = -Infinity;
    for (let v = row; v < row + width; v++) greatest = Math.max(greatest, logits[v]);
    let sum = 0;
    for (let v = row; v < row + width; v++) sum += Math.exp(logits[v] - greatest);
    const normaliser = greatest + Math.log(sum);
    if (!Number.isFinite(normaliser)) throw notFinite();
    for (let v = row; v < row + width; v++) result[v] = logits[v] - normaliser;
  }
  return result;
}

/** What a step of a model that copies gives, row by row. */
export interface CopyingStep {
  readonly logits: Float32Array;
  /** Before the sigmoid, [N]. */
  readonly gates: Float32Array;
  /** [N, S] */
  readonly weights: Float32Array;
}

/** What can be copied from the sources of a batch. */
export type CopiedFrom = Pick<CopyTable, 'vocabularySize' | 'size' | 'time' | 'occurrences'>;

/**
 * log(p_gen·P(v) + (1 − p_gen)·Σ_{j: x_j = v} α_j) of every symbol of the extended vocabulary, [N, size]; −∞ for one beyond
 * the vocabulary that isn't in the source.
 *
 * @param beams K: rows n·K … n·K + K − 1 belong to source n
 * @throws HeedError NOT_FINITE
 * @see See, Liu & Manning 2017, arXiv:1704.04368, eq. 9
 */
export function logMixture({ logits, gates, weights }: CopyingStep, copies: CopiedFrom, beams: number): Float64Array {
  const { vocabularySize, size, time, occurrences } = copies;
  const generated = logSoftmax(logits, vocabularySize);
  const result = new Float64Array(gates.length * size).fill(-Infinity);
  gates.forEach((gate, n) => {
    if (Number.isNaN(gate)) throw notFinite();
    const generates = logSigmoid(gate);
    const copying = logSigmoid(-gate);
    for (let v = 0; v < vocabularySize; v++) result[n * size + v] = generates + generated[n * vocabularySize + v];
    for (const { id, positions } of occurrences[Math.floor(n / beams)]) {
      const attended = positions.reduce((sum, j) => sum + weights[n * time + j], LEAST_ATTENTION);
      result[n * size + id] = logAddExp(result[n * size + id], copying + Math.log(attended));
    }
  });
  return result;
}

const notFinite = (): HeedError =>
  new HeedError('NOT_FINITE', {
    message: 'decoding: the scores of the next symbol are not finite',
    hint: 'the parameters are damaged, or the run that made them diverged',
  });
