import { explain, linearAttention, type Explanation } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { cannot, checkAttributes, mergeHeads, required, splitHeads, toTensor, type OperatorRun } from './mapping.js';
import type { OnnxCase } from './onnx-case.js';
import type { OutputOf } from './signatures.js';

type LinearCase = OnnxCase<'LinearAttention'>;
type Output = OutputOf<'LinearAttention'>;

/** Attributes that the adapter understands. `chunk_size` is advice on speed, which changes no result. */
const ATTRIBUTES = ['chunk_size', 'kv_num_heads', 'q_num_heads', 'scale'];
const TEXTS = ['update_rule'];

/** Inputs that an update rule has; each must be there exactly then. */
const RULES: Readonly<Record<string, readonly ('decay' | 'beta')[]>> = {
  linear: [],
  gated: ['decay'],
  delta: ['beta'],
  gated_delta: ['decay', 'beta'],
};

/**
 * ONNX's `LinearAttention` (opset 27) through Heed's `linearAttention` on the selected backend.
 *
 * @returns the outputs that the case expects, which are the caller's to dispose
 * @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH with what can't be mapped
 * @see https://onnx.ai/onnx/operators/onnx__LinearAttention.html
 */
export function runLinearOperator(test: LinearCase): OperatorRun {
  checkAttributes(test, ATTRIBUTES, { texts: TEXTS });
  checkRule(test);
  const wanted = Object.keys(test.outputs) as Output[];
  let where: Explanation | undefined;
  const outputs = tf.tidy(() => {
    const [queryHeads, keyHeads] = [count(test, 'q_num_heads'), count(test, 'kv_num_heads')];
    const query = splitHeads(test, 'query', queryHeads);
    const key = splitHeads(test, 'key', keyHeads);
    const value = splitHeads(test, 'value', keyHeads);
    const { past_state: past, decay, beta } = test.inputs;
    const scale = test.attributes['scale'] ?? 0; // 0 for the default
    const options = {
      ...(scale !== 0 && { scale }),
      ...(decay && { logDecay: splitHeads(test, 'decay', keyHeads) }),
      // [B, T, Hk], or [B, T, 1] for the same in all heads
      ...(beta && { beta: tf.transpose(toTensor(beta), [0, 2, 1]) }),
      ...(past && { initialState: toTensor(past) }),
      returnState: true,
    } as const;
    where = explain({ op: 'linearAttention', query, key, value, ...options });
    const { context, state } = linearAttention(query, key, value, options);
    const results: Readonly<Record<Output, () => Tensor>> = {
      output: () => mergeHeads(context),
      present_state: () => state,
    };
    return Object.fromEntries(wanted.map((name) => [name, results[name]()]));
  });
  return { outputs, path: where!.path, reasons: where!.reasons };
}

function checkRule(test: LinearCase): void {
  const rule = test.texts?.['update_rule'] ?? 'gated_delta';
  if (!Object.hasOwn(RULES, rule)) cannot(test, `update_rule '${rule}' is not one of ${Object.keys(RULES).join(', ')}`);
  for (const name of ['decay', 'beta'] as const) {
    const isThere = test.inputs[name] !== undefined;
    if (isThere !== RULES[rule].includes(name)) {
      cannot(test, `update_rule '${rule}' ${isThere ? 'has no' : 'needs the'} input ${name}`);
    }
    if (isThere && required(test, name).shape.length !== 3) cannot(test, `${name} has no 3 axes`);
  }
  for (const name of ['query', 'key', 'value'] as const)
    if (required(test, name).shape.length !== 3) cannot(test, `${name} has no 3 axes`);
}

function count(test: LinearCase, name: 'q_num_heads' | 'kv_num_heads'): number {
  return test.attributes[name] ?? cannot(test, `attribute ${name} is missing`);
}
