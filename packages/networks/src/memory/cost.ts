import { costOfAttention, type Cost, type Tally } from '@heed/attention';
import type { BatchSizes } from '@heed/nn';
import { costsOf, type Parts } from '../cost/parts.js';
import type { MemoryConfig } from './config.js';

/**
 * Parts of a memory network. 'sentences': what turns facts and questions into vectors; 'attention': queries, time and
 * contexts; 'hops': what changes the state; 'output': what turns it into scores of answers.
 */
const PARTS = ['embedding', 'sentences', 'attention', 'hops', 'output'] as const;

type Part = (typeof PARTS)[number];

/** Cost of a memory network for stories of `source` facts and answers of one word. Questions are padded to the same length. */
export const costOfMemory = (config: MemoryConfig, { source, batch }: BatchSizes): Parts<Part, Cost> =>
  costsOf(PARTS, ({ embedding, sentences, attention, hops, output }) => {
    const { embeddingWidth, units, factWords, questionWords, names, classes } = config;
    // One before the facts says nothing.
    const time = source + 1;
    embedding.parameters((config.symbols.length + 1 + names) * embeddingWidth);

    sentences.parameters(2 * units * units); // the gates, of both
    for (const [count, words] of [
      [batch * time, factWords],
      [batch, questionWords],
    ] as const) {
      const k = words * embeddingWidth;
      sentences.parameters((k + 1) * units).product({ m: count, k, n: units });
      sentences.product({ m: count, k: units, n: units }, 2).functions(count * units);
    }

    const own = config.tying === 'layerwise' ? 1 : config.hops;
    hops.parameters(own * (5 * units * units + units)).functions(config.hops * batch * units);
    hops.product({ m: batch, k: units, n: units }, 5 * config.hops);
    if (config.attention.kind === 'none') addMean(attention, { batch, time, units });
    else addHopAttention(attention, config, { batch, time, kernels: own });

    output.parameters((units + 1) * classes.length, units * embeddingWidth);
    output.product({ m: batch, k: units, n: classes.length }).product({ m: batch, k: units, n: embeddingWidth });
    output.product({ m: batch, k: embeddingWidth, n: names }).functions(batch * (classes.length + names));
  });

/** Adds the mean of the facts, which is the same for all hops: a product with shares that aren't learnt. */
function addMean(tally: Tally, { batch, time, units }: { batch: number; time: number; units: number }): void {
  tally.productOfConstant({ m: batch, k: time, n: units });
}

function addHopAttention(
  tally: Tally,
  { units, hops, facts, preferences: curves }: MemoryConfig,
  { batch, time, kernels }: { batch: number; time: number; kernels: number },
): void {
  tally.parameters(kernels * units * units).product({ m: batch, k: units, n: units }, hops);
  const request = { batch, heads: 1, queries: 1, keys: time, width: units } as const;
  tally.op(costOfAttention({ op: 'dotProductAttention', ...request }), hops);
  if (curves === 0) return;
  const weigh = (times: number): void => {
    tally.parameters((units + 1) * curves).product({ m: batch, k: units, n: curves }, times);
    tally.product({ m: batch * time, k: curves, n: 1 }, times);
  };
  tally.parameters((facts + 1) * curves);
  weigh(hops);
  if (hops === 1) return;
  tally.parameters((2 * facts + 1) * curves);
  weigh(hops - 1);
  tally.product({ m: batch, k: time, n: time * curves }, hops - 1);
}
