import { LEAST_ATTENTION, logAddExp, logSigmoid } from '../log-arithmetic.js';
import type { CopyAttributes } from './spec.js';

/** Row-major numbers of the op's inputs. */
export interface CopyArrays {
  readonly logits: Float32Array;
  readonly gates: Float32Array;
  readonly weights: Float32Array;
}

/** Room for the gradients; 0 throughout. */
export interface CopySlopes {
  readonly logitSlopes: Float32Array;
  readonly gateSlopes: Float32Array;
  readonly weightSlopes: Float32Array;
}

export interface Normaliser {
  /** log Σ exp of a row. */
  readonly normaliser: number;
  /** Its plain sum. */
  readonly total: number;
}

/**
 * The loss and its gradients, for kernels whose numbers are arrays of this process: one walk over what each source can copy,
 * not over all of its symbols.
 *
 * @param softmaxOf writes the softmax of a row of logits
 */
export function copyLosses(
  { logits, gates, weights }: CopyArrays,
  { ids, weights: counts, smoothing, copies }: CopyAttributes,
  softmaxOf: (row: Float32Array, probabilities: Float32Array, n: number) => Normaliser,
  { logitSlopes, gateSlopes, weightSlopes }: CopySlopes,
): number {
  const { time, batch, occurrences, vocabularySize: classes } = copies;
  const spread = smoothing / classes;
  let loss = 0;
  for (let n = 0; n < ids.length; n++) {
    const weight = counts[n];
    if (weight === 0) continue;
    const target = ids[n];
    const row = logits.subarray(n * classes, (n + 1) * classes);
    const slopes = logitSlopes.subarray(n * classes, (n + 1) * classes);
    const { normaliser, total } = softmaxOf(row, slopes, n);
    const generates = logSigmoid(gates[n]);
    const copying = logSigmoid(-gates[n]);
    // What of the target is generated: Σ τ_v r_v, at first as if nothing could be copied.
    let generated = smoothing;
    let logProbability = spread * (total - classes * (normaliser - generates));
    // The gradient without −weight: τ_u r_u − P_u Σ τ_v r_v, of which τ_u r_u is added here as far as copying changes it.
    const changes: [id: number, change: number][] = [];
    let seen = false;
    for (const { id, positions } of occurrences[n % batch]) {
      let attended = LEAST_ATTENTION;
      for (const j of positions) attended += weights[n * time + j];
      const wanted = (id < classes ? spread : 0) + (id === target ? 1 - smoothing : 0);
      if (id === target) seen = true;
      if (wanted === 0) continue;
      const generatedAlone = id < classes ? generates + row[id] - normaliser : -Infinity;
      const copiedAlone = copying + Math.log(attended);
      const mixed = logAddExp(generatedAlone, copiedAlone);
      const share = Math.exp(generatedAlone - mixed);
      const assumed = id < classes ? spread : 0;
      logProbability += wanted * mixed - (assumed === 0 ? 0 : assumed * generatedAlone);
      generated += wanted * share - assumed;
      if (id < classes) changes.push([id, wanted * share - assumed]);
      const slope = (-weight * wanted * Math.exp(copiedAlone - mixed)) / attended;
      for (const j of positions) weightSlopes[n * time + j] = slope;
    }
    if (!seen) {
      logProbability += (1 - smoothing) * (generates + row[target] - normaliser);
      generated += 1 - smoothing;
      changes.push([target, 1 - smoothing]);
    }
    loss -= weight * logProbability;
    gateSlopes[n] = -weight * (generated - Math.exp(generates));
    for (let v = 0; v < classes; v++) slopes[v] = -weight * (spread - slopes[v] * generated);
    for (const [id, change] of changes) slopes[id] -= weight * change;
  }
  return loss;
}
