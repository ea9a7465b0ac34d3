import {
  dotProductAttention,
  maskHook,
  scoreHook,
  type DotProductAttentionOptions,
  type Position,
  type SymbolicBoolean,
  type SymbolicNumber,
  type SymbolicTensor,
} from '@heed/core';
import type * as tf from '@tensorflow/tfjs-core';
import { clausesOf, evaluateFormula, type Value } from '../formula.js';
import { cannot, type Mapping } from '../mapping.js';
import { dotProductPath } from './dot-product-path.js';
import type { VectorCase } from '../vector-case.js';

const CLAUSES: ReadonlySet<string> = new Set(['score_mod', 'mask_mod']);
const ARGUMENTS: ReadonlySet<string> = new Set(['q', 'k', 'v']);

/** PyTorch's `flex_attention`: the formulas of the case, as hooks. */
export const mapFlexAttention: Mapping = (test) => {
  const clauses = clausesOf(test.formula ?? cannot(test, 'the case has no formula'));
  const unknown = Object.keys(clauses).find((name) => !CLAUSES.has(name));
  if (unknown !== undefined) cannot(test, `there is a ${unknown}, which isn't known`);
  const { scale } = test.options;
  const options = (inputs: Readonly<Record<string, tf.Tensor>>): DotProductAttentionOptions => {
    const { score_mod: score, mask_mod: mask } = clauses;
    const captured = (clause: string) =>
      Object.fromEntries(
        Object.entries(inputs).filter(([name]) => !ARGUMENTS.has(name) && new RegExp(`\\b${name}\\s*\\[`).test(clause)),
      );
    return {
      returnWeights: true,
      ...(typeof scale === 'number' && { scale }),
      ...(score !== undefined && {
        scoreHook: scoreHook(
          (at, tensors) => evaluate(test, score, at, tensors, { s: at.score }) as SymbolicNumber,
          captured(score),
        ),
      }),
      ...(mask !== undefined && {
        maskHook: maskHook(
          (at, tensors) => evaluate(test, mask, at, tensors, { causal: at.query.ge(at.key) }) as SymbolicBoolean,
          captured(mask),
        ),
      }),
    };
  };
  return {
    run: (inputs) => {
      const { q, k, v } = inputs as { readonly q: tf.Tensor; readonly k: tf.Tensor; readonly v: tf.Tensor };
      const { context, weights } = dotProductAttention(q, k, v, options(inputs));
      return { out: context, weights: weights! };
    },
    ...dotProductPath(test),
  };
};

function evaluate(
  test: VectorCase,
  text: string,
  { batch, head, query, key, Tq, Tk }: Position,
  tensors: Readonly<Record<string, SymbolicTensor>>,
  more: Readonly<Record<string, Value>>,
): Value {
  const settings = Object.fromEntries(
    Object.entries(test.options).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
  const values = { ...settings, b: batch, h: head, q_idx: query, kv_idx: key, Tq, Tk, ...more };
  return evaluateFormula(text, { values, tensors });
}
