import type { Allowed } from './allowed.js';
import { greatestLength, type Hypothesis, type LengthOptions } from './hypothesis.js';
import type { OutputSymbols, Stepper } from './decoding.js';
import { BOUNDARY, pauses } from '@heed/nn';

export interface GreedyOptions extends LengthOptions {
  /** Symbols that each source's output may have, one set for each source. Default all. */
  readonly allowed?: readonly Allowed[];
}

interface Row {
  readonly output: string[];
  readonly tokenLogProbabilities: number[];
  readonly weights: Float32Array[] | undefined;
  finished: boolean;
}

/** The most probable symbol at every step, until the end is. */
export async function greedySearch(
  decoding: Stepper,
  lengths: Int32Array,
  symbols: OutputSymbols,
  options: LengthOptions,
): Promise<Hypothesis[]> {
  const time = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  const limits = Array.from(lengths, (length) => greatestLength(length, options));
  const ids = new Int32Array(lengths.length).fill(BOUNDARY);
  let rows: Row[] = [];
  const rest = pauses();
  for (let t = 0; ; t++) {
    await rest();
    const { logProbabilities, weights } = await decoding.step(ids);
    if (t === 0) {
      rows = limits.map(() => ({ output: [], tokenLogProbabilities: [], weights: weights && [], finished: false }));
    }
    rows.forEach((row, n) => {
      if (row.finished || t > limits[n]) return;
      const best = argMax(logProbabilities.subarray(n * symbols.size, (n + 1) * symbols.size));
      if (best !== BOUNDARY && t === limits[n]) return;
      row.tokenLogProbabilities.push(logProbabilities[n * symbols.size + best]);
      if (best === BOUNDARY) {
        row.finished = true;
        return;
      }
      row.output.push(symbols.symbol(best, n));
      row.weights?.push(weights!.slice(n * time, n * time + lengths[n]));
      ids[n] = best;
    });
    if (rows.every(({ finished }, n) => finished || t >= limits[n])) break;
  }
  return rows.map(({ output, tokenLogProbabilities, weights, finished }) => {
    const logProbability = tokenLogProbabilities.reduce((sum, value) => sum + value, 0);
    return {
      output,
      logProbability,
      score: logProbability,
      tokenLogProbabilities,
      finished,
      weights,
    };
  });
}

/** Index of the greatest value; the first of equal ones. */
function argMax(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
