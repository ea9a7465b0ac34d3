import type { OpRequest } from './backend.js';
import { HeedError } from './errors.js';
import { OPS } from './op-table.js';
import { prepareAdditive, type AdditiveAttentionOptions } from './ops/additive-attention.js';
import { prepareDotProduct, type DotProductAttentionOptions } from './ops/dot-product-attention.js';
import type { Prepared } from './ops/prepared.js';
import { show, suggestion } from './options.js';
import { prepareWeighted, type WeightedContextOptions } from './ops/weighted-context.js';
import { pathOf, type Path } from './path.js';
import type { TensorLike } from './tensor-like.js';

/** A call of an op as data. `{ shape, dtype }` will do for a tensor, so nothing need be allocated. */
export type Call =
  | ({ op: 'dotProductAttention'; query: TensorLike; key: TensorLike; value: TensorLike } & DotProductAttentionOptions)
  | ({
      op: 'additiveAttention';
      query: TensorLike;
      key: TensorLike;
      vector: TensorLike;
      value: TensorLike;
    } & AdditiveAttentionOptions)
  | ({ op: 'weightedContext'; scores: TensorLike; value: TensorLike } & WeightedContextOptions);

export interface Explanation extends Path {
  /** The call as kernels would see it. */
  readonly request: OpRequest;
}

/**
 * Which path a call would take now, and why: 'fused' in the selected backend's kernel, 'composed' of the engine's ops, or
 * 'empty'. Throws what the op would throw for invalid arguments.
 */
export function explain(call: Call): Explanation {
  const { request } = prepare(call);
  return { ...pathOf(request), request };
}

function prepare(call: Call): Prepared {
  switch (call?.op) {
    case 'dotProductAttention': {
      const { op: _, query, key, value, ...options } = call;
      return prepareDotProduct(query, key, value, options);
    }
    case 'additiveAttention': {
      const { op: _, query, key, vector, value, ...options } = call;
      return prepareAdditive(query, key, vector, value, options);
    }
    case 'weightedContext': {
      const { op: _, scores, value, ...options } = call;
      return prepareWeighted(scores, value, options);
    }
    default: {
      const op = (call as { op?: unknown } | undefined)?.op;
      throw new HeedError('UNKNOWN_NAME', {
        message: `explain: the op is ${show(op)}`,
        hint: suggestion(String(op), Object.keys(OPS), 'there are'),
      });
    }
  }
}
