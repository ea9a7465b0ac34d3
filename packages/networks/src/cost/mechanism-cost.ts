import type { MultiHeadOptions } from '@heed/attention';
import { HeedError } from '@heed/core';
import type { AttentionChoice } from '../recurrent/config.js';
import { costOfAttention } from './attention-cost.js';
import type { Tally } from './tally.js';

/** A mechanism at work in a decoder. */
interface Use {
  /** B */
  readonly batch: number;
  /** S */
  readonly keys: number;
  /** Of one call. */
  readonly queries: number;
  /** One for each step, or 1 when all steps attend at once. */
  readonly calls: number;
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** Whether the gradient in the query's kernel is one product for all calls. */
  readonly shared?: boolean;
}

/** Adds the parameters and the work of a mechanism; gives the width of its contexts. */
export function addMechanism(tally: Tally, choice: AttentionChoice, use: Use): number {
  const { batch, keys, queries, calls, queryWidth, memoryWidth } = use;
  const oneHead = (width: number): number => {
    tally.op(
      costOfAttention({ op: 'dotProductAttention', batch, heads: 1, queries, keys, width, valueWidth: memoryWidth }),
      calls,
    );
    return memoryWidth;
  };
  switch (choice.kind) {
    case 'none':
      return memoryWidth;
    case 'dot':
      return oneHead(queryWidth);
    case 'cosine':
    case 'scaledDotProduct':
      tally.parameters(choice.scale === 'learned' ? 1 : 0);
      return oneHead(queryWidth);
    case 'general':
      tally.parameters(memoryWidth * queryWidth).product({ m: batch * keys, k: memoryWidth, n: queryWidth });
      return oneHead(queryWidth);
    case 'concat':
    case 'additive': {
      const units = countOf(choice.kind, 'units', choice.units);
      const query = { m: batch * queries, k: queryWidth, n: units };
      tally.parameters((queryWidth + memoryWidth + 1) * units);
      if (choice.kind === 'additive') tally.parameters(choice.bias === false ? 0 : units, choice.normalized ? 1 : 0);
      tally.product({ m: batch * keys, k: memoryWidth, n: units });
      if (use.shared) tally.loop(query, calls);
      else tally.product(query, calls);
      tally.op(
        costOfAttention({ op: 'additiveAttention', batch, queries, keys, units, valueWidth: memoryWidth }),
        calls,
      );
      return memoryWidth;
    }
    case 'multiHead': {
      const { heads, headWidth = queryWidth / heads } = choice;
      countOf(choice.kind, 'heads', heads);
      countOf(choice.kind, 'headWidth', headWidth);
      return addMultiHead(tally, choice, use);
    }
    default:
      throw new HeedError('CONFIG_INVALID', {
        message: `costOfModel: there is no attention ${JSON.stringify((choice as { kind: string }).kind)}`,
      });
  }
}

function countOf(kind: string, name: string, count: number): number {
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new HeedError('CONFIG_INVALID', {
    message: `costOfModel: ${name} of '${kind}' is ${String(count)}`,
    hint: 'a whole number ≥ 1; headWidth is the query’s width divided by heads unless it is given',
    details: { kind, name },
  });
}

export function addMultiHead(
  tally: Tally,
  options: Pick<MultiHeadOptions, 'heads' | 'keyHeads' | 'headWidth' | 'valueWidth' | 'outputWidth' | 'bias'>,
  { batch, keys, queries, calls, queryWidth, memoryWidth }: Use,
): number {
  const { heads, keyHeads = heads, headWidth = queryWidth / heads } = options;
  const { valueWidth = headWidth, outputWidth = queryWidth, bias = true } = options;
  const layers = [
    { product: { m: batch * queries, k: queryWidth, n: heads * headWidth }, times: calls },
    { product: { m: batch * keys, k: memoryWidth, n: keyHeads * headWidth }, times: 1 },
    { product: { m: batch * keys, k: memoryWidth, n: keyHeads * valueWidth }, times: 1 },
    { product: { m: batch * queries, k: heads * valueWidth, n: outputWidth }, times: calls },
  ];
  for (const { product, times } of layers) {
    tally.parameters(product.k * product.n, bias ? product.n : 0).product(product, times);
  }
  const problem = { batch, heads, keyHeads, queries, keys, width: headWidth, valueWidth };
  tally.op(costOfAttention({ op: 'dotProductAttention', ...problem }), calls);
  return outputWidth;
}
