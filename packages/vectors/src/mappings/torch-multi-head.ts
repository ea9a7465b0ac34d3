import * as tf from '@tensorflow/tfjs-core';
import { cannot, checkOptions, flagIn, numberIn, type Mapped, type Mapping, type NamedTensors } from '../mapping.js';
import type { VectorCase } from '../vector-case.js';
import { isBatchFirst, mapModules, pathOfAttention, sizesOf } from './torch-module.js';

const OPTIONS = [
  'embed_dim',
  'num_heads',
  'bias',
  'add_bias_kv',
  'add_zero_attn',
  'kdim',
  'vdim',
  'batch_first',
  'self',
  'batch',
  'unbatched',
  'tq',
  'tk',
  'lengths',
  'mask',
  'is_causal',
  'need_weights',
  'weight_gradient',
];

/** PyTorch's `nn.MultiheadAttention`. in/mask and in/keyMask are true where a query attends, in/bias is added to the scores. */
export const mapMultiHeadAttention: Mapping = (test) => {
  checkOptions(test, OPTIONS);
  const heads = numberIn(test, 'num_heads');
  const addZeroAttn = flagIn(test, 'add_zero_attn');
  const needsWeights = !('need_weights' in test.options) || flagIn(test, 'need_weights');
  return mapModules(test, (make) => {
    const module = make({ kind: 'MultiheadAttention', heads, addZeroAttn, batchFirst: isBatchFirst(test) });
    return {
      run(inputs): NamedTensors {
        const { query, key, value, keyMask, mask, bias } = inputs;
        if (query === undefined) cannot(test, 'in/query is missing');
        const options = { keyMask, mask: mask && ofHeads(mask, heads), bias: bias && ofHeads(bias, heads) };
        if (!needsWeights) return { out: module.call({ query, key, value }, options).output };
        const { output, weights } = module.call({ query, key, value }, { ...options, weights: 'heads' });
        return { out: output, weights: tf.mean(weights, -3), headWeights: weights };
      },
      ...(needsWeights && hasEmptyRow(test, heads) && { inPlaceOfNaN: { weights: 0, headWeights: 0 } }),
      ...pathOf(test, heads),
    };
  });
};

function pathOf(test: VectorCase, heads: number): Pick<Mapped, 'path' | 'reasons'> {
  const { 'in/query': query, 'in/key': key = query } = test.tensors;
  if (query === undefined || key === undefined) cannot(test, 'in/query is missing');
  const { batch, time: queries } = sizesOf(test, query.shape);
  const { time: keys } = sizesOf(test, key.shape);
  return pathOfAttention({ batch, heads, queries, keys, width: query.shape.at(-1)! });
}

/** [Tq, Tk] for all, or [B·H, Tq, Tk] with the heads of a row adjacent. */
function ofHeads(x: tf.Tensor, heads: number): tf.Tensor {
  if (x.rank === 2) return x;
  const [rows, queries, keys] = x.shape as [number, number, number];
  return tf.reshape(x, [rows / heads, heads, queries, keys]);
}

/** Whether some query has no key, of which PyTorch makes NaN when it is asked for weights. */
function hasEmptyRow({ tensors, options, ...test }: VectorCase, heads: number): boolean {
  if (options['add_bias_kv'] === true || options['add_zero_attn'] === true) return false;
  const { 'in/keyMask': keyMask, 'in/mask': mask, 'in/bias': bias } = tensors;
  const keys = (mask ?? bias ?? keyMask)?.shape.at(-1);
  if (keys === undefined || keys === 0) return false;
  const queries = (mask ?? bias)?.shape.at(-2) ?? 1;
  const batch = keyMask === undefined ? 1 : keyMask.data.length / keys;
  const rows = (mask ?? bias)?.shape.length === 3 ? (mask ?? bias)!.shape[0]! : batch * heads;
  if (rows % heads !== 0) cannot({ ...test, tensors, options }, `a mask has ${rows} rows of ${heads} heads`);
  const at = (x: { readonly data: ArrayLike<number> }, row: number, query: number, key: number): number =>
    x.data[((row * queries + query) * keys + key) % x.data.length]!;
  const isOpen = (row: number, query: number, key: number): boolean =>
    (keyMask === undefined || keyMask.data[(Math.floor(row / heads) % batch) * keys + key] !== 0) &&
    (mask === undefined || at(mask, row, query, key) !== 0) &&
    (bias === undefined || at(bias, row, query, key) !== -Infinity);
  const range = (length: number): number[] => Array.from({ length }, (_, n) => n);
  return range(rows).some((row) => range(queries).some((query) => !range(keys).some((key) => isOpen(row, query, key))));
}
