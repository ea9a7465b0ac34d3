import type { AttentionAnswer, BackendName, MechanismKind } from '../../engine/jobs.js';
import { BACKENDS, type AttentionSetup } from '../../engine/jobs.js';
import { rowsOf } from '../rows.js';

/** What stands beside an attention: the same inputs by another mechanism, or on another backend. */
export type Other = MechanismKind | BackendName;

export const isBackend = (other: Other): other is BackendName => (BACKENDS as readonly Other[]).includes(other);

/** Inputs of the attention beside. Changed numbers are those of one mechanism's parameters, which another one doesn't have. */
export const besideOf = (setup: AttentionSetup, other: Other): AttentionSetup =>
  isBackend(other) ? setup : { ...setup, mechanism: other, edits: [] };

/** Weights of a head, or of the last one where there are fewer heads. */
export const weightsOf = ({ weights }: Pick<AttentionAnswer, 'weights'>, head: number): Float32Array[] =>
  rowsOf(weights, Math.min(head, weights.shape[0]! - 1));

/** Differences of two matrices, second minus first, and the greatest distance among them. */
export function differenceOf(
  first: readonly Float32Array[],
  second: readonly Float32Array[],
): { readonly rows: Float32Array[]; readonly most: number } {
  const rows = second.map((row, i) => row.map((x, j) => x - first[i]![j]!));
  return { rows, most: rows.reduce((far, row) => row.reduce((most, x) => Math.max(most, Math.abs(x)), far), 0) };
}
