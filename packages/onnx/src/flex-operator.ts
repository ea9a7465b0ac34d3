import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { dotProductAttention, explain, scoreHook, weightHook, type Explanation } from '@heed/core';
import { cannot, checkAttributes, required, toTensor, type OperatorRun } from './mapping.js';
import type { OnnxCase } from './onnx-case.js';
import { modifierOf, type Modifier } from './subgraph/modifier.js';

/** Attributes that the adapter understands. */
const ATTRIBUTES = ['scale', 'softmax_precision'];
const GRAPHS = ['score_mod', 'prob_mod'];

/**
 * ONNX's `FlexAttention` (ai.onnx.preview 1) through `dotProductAttention` with hooks: `score_mod` and `prob_mod`, which are graphs
 * over all scores or weights, become formulas of one position.
 *
 * @returns the context, which is the caller's to dispose
 * @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH with what can't be mapped
 */
export function runFlexOperator(test: OnnxCase<'FlexAttention'>): OperatorRun {
  const { attributes, graphs = {} } = test;
  checkAttributes(test, ATTRIBUTES, { graphs: GRAPHS });
  let where: Explanation | undefined;
  const Y = tf.tidy(() => {
    const [query, key, value] = (['Q', 'K', 'V'] as const).map((name) => {
      const input = required(test, name);
      if (input.shape.length !== 4) cannot(test, `${name} has ${input.shape.length} axes, not 4`);
      return toTensor(input) as Tensor4D;
    });
    const [batch, heads, queries, width] = query.shape;
    const shape = [batch, heads, queries, key.shape[2]] as const;
    const modifier = (name: string): Modifier | undefined => {
      const { [name]: graph } = graphs;
      return graph && modifierOf(`${test.name}: ${name}`, graph, shape);
    };
    const [score, weight] = [modifier('score_mod'), modifier('prob_mod')];
    const options = {
      scale: attributes['scale'] ?? 1 / Math.sqrt(width),
      ...(score && { scoreHook: scoreHook((at, read) => score.formula(at, at.score, read), score.captures) }),
      ...(weight && { weightHook: weightHook((at, read) => weight.formula(at, at.weight, read), weight.captures) }),
    };
    where = explain({ op: 'dotProductAttention', query, key, value, ...options });
    return dotProductAttention(query, key, value, options).context;
  });
  return { outputs: { Y }, path: where!.path, reasons: where!.reasons };
}
