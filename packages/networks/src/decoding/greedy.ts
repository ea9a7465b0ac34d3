import type { Allowed } from './allowed.js';
import { greatestLength, type Hypothesis, type LengthOptions } from './hypothesis.js';
import type { OutputSymbols, Stepper } from './decoding.js';
import { whenOthersLeave } from './leaving.js';
import { BOUNDARY, pauses } from '@heed/nn';

export interface GreedyOptions extends LengthOptions {
  /** Symbols that each source's output may have, one set for each source. Default all. */
  readonly allowed?: readonly Allowed[];
}

interface Row {
  readonly source: number;
  readonly limit: number;
  readonly output: string[];
  readonly tokenLogProbabilities: number[];
  weights: Float32Array[] | undefined;
  finished: boolean;
}

/** The most probable symbol at every step, until the end is. A source that is done leaves the batch. */
export async function greedySearch(
  decoding: Stepper,
  lengths: Int32Array,
  symbols: OutputSymbols,
  options: LengthOptions,
): Promise<Hypothesis[]> {
  const time = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  const all = Array.from(lengths, (length, source): Row => {
    const limit = greatestLength(length, options);
    return { source, limit, output: [], tokenLogProbabilities: [], weights: undefined, finished: false };
  });
  let rows: readonly Row[] = all;
  let ids = new Int32Array(lengths.length).fill(BOUNDARY);
  const rest = pauses();
  for (let t = 0; ; t++) {
    await rest();
    const { logProbabilities, weights } = await decoding.step(ids);
    rows.forEach((row, n) => {
      const { source, limit, finished } = row;
      if (t === 0) row.weights = weights && [];
      if (finished || t > limit) return;
      const best = argMax(logProbabilities.subarray(n * symbols.size, (n + 1) * symbols.size));
      if (best !== BOUNDARY && t === limit) return;
      row.tokenLogProbabilities.push(logProbabilities[n * symbols.size + best]);
      if (best === BOUNDARY) {
        row.finished = true;
        return;
      }
      row.output.push(symbols.symbol(best, source));
      row.weights?.push(weights!.slice(n * time, n * time + lengths[source]));
      ids[n] = best;
    });
    const searching = rows.map(({ finished, limit }) => !finished && t < limit);
    if (!searching.includes(true)) break;
    const kept = whenOthersLeave(searching);
    if (kept === undefined) continue;
    decoding.keep(kept);
    rows = Array.from(kept, (n) => rows[n]);
    ids = kept.map((n) => ids[n]);
  }
  return all.map(({ output, tokenLogProbabilities, weights, finished }) => {
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
