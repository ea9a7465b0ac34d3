import type { Allowed } from './allowed.js';
import type { Decoding, OutputSymbols } from './decoding.js';
import { greatestLength, type LengthOptions } from './hypothesis.js';
import { BOUNDARY, pauses } from '@heed/nn';

/** One step of greedy decoding, from what was compared to what was chosen. */
export interface WatchedStep {
  /** y_i, the most probable symbol; undefined where that is the end. */
  readonly symbol: string | undefined;
  /** Log-probability of `symbol`, in nats. */
  readonly logProbability: number;
  /** Every symbol that may follow, and the end (undefined), the most probable first. */
  readonly candidates: readonly Candidate[];
  /** e_ij over the source; absent without attention and with several heads. −∞ where a weight is 0. */
  readonly scores?: Float32Array;
  /** α_ij; absent without attention. */
  readonly weights?: Float32Array;
  /** c_i, [C] */
  readonly context: Float32Array;
  /** p_gen, the probability of writing from the vocabulary and not copying; absent in a model that doesn't copy. */
  readonly generation?: number;
}

export interface Candidate {
  readonly symbol: string | undefined;
  readonly logProbability: number;
}

export interface WatchOptions extends LengthOptions {
  /** Symbols that the output may have. Default all. */
  readonly allowed?: Allowed;
}

/** Greedy search that shows each step when it is made, and makes the next one when it is asked for. */
export async function* watchGreedy(
  decoding: Pick<Decoding, 'look'>,
  sourceLength: number,
  symbols: OutputSymbols,
  options: LengthOptions,
): AsyncGenerator<WatchedStep> {
  const limit = greatestLength(sourceLength, options);
  let before = BOUNDARY;
  const rest = pauses();
  for (let t = 0; t <= limit; t++) {
    await rest();
    const { logProbabilities, weights, logSumExp, context, generation } = await decoding.look(before);
    const order = Array.from(logProbabilities, (_, id) => id)
      .filter((id) => logProbabilities[id] > -Infinity)
      .toSorted((a, b) => logProbabilities[b] - logProbabilities[a]);
    const best = order[0];
    // Greedy search cuts off here, too.
    if (best !== BOUNDARY && t === limit) return;
    const symbolOf = (id: number): string | undefined => (id === BOUNDARY ? undefined : symbols.symbol(id, 0));
    yield {
      symbol: symbolOf(best),
      logProbability: logProbabilities[best],
      candidates: order.map((id) => ({ symbol: symbolOf(id), logProbability: logProbabilities[id] })),
      ...(weights && { weights }),
      ...(weights && logSumExp !== undefined && { scores: weights.map((weight) => Math.log(weight) + logSumExp) }),
      context,
      ...(generation !== undefined && { generation }),
    };
    if (best === BOUNDARY) return;
    before = best;
  }
}
