import { bindMechanism } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import { cannot, checkOptions, flagIn, numberIn, type Mapping, type NamedTensors } from '../mapping.js';
import { multiHeadFromTorch } from '../torch/multi-head.js';
import { StateDict } from '../torch/state-dict.js';
import type { VectorCase } from '../vector-case.js';
import { explained, type HeadsCall } from './heads.js';
import { layoutOf } from './torch-layout.js';

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
  const zeroPosition = flagIn(test, 'add_zero_attn');
  const needsWeights = !('need_weights' in test.options) || flagIn(test, 'need_weights');
  const layout = layoutOf(test);
  const bind = (inputs: NamedTensors, parameters: NamedTensors): HeadsCall => {
    const state = new StateDict(parameters);
    const given = multiHeadFromTorch(state, { heads, zeroPosition });
    state.checkAllRead();
    const mechanism = bindMechanism(given.config, given.parameters);
    const query = layout.sequences(inputs, 'query');
    const isSelf = inputs['key'] === undefined;
    const value = isSelf ? query : layout.sequences(inputs, 'value');
    const { keyMask, mask, bias } = inputs;
    const memory = mechanism.prepare(value, {
      ...(!isSelf && { keys: layout.sequences(inputs, 'key') }),
      ...(keyMask && { mask: tf.reshape(keyMask, value.shape.slice(0, 2) as [number, number]) }),
    });
    const options = { mask: mask && ofHeads(mask, heads), bias: bias && ofHeads(bias, heads) };
    return { mechanism, query, memory, options };
  };
  return {
    run(inputs, parameters): NamedTensors {
      const { mechanism, query, memory, options } = bind(inputs, parameters);
      if (!needsWeights) return { out: layout.back(mechanism.attend(query, memory, options).context) };
      const { context, weights } = mechanism.attend(query, memory, { ...options, returnWeights: true });
      const { learnedPosition, zeroPosition: zero } = mechanism.parts(query, memory, options).between;
      // PyTorch has a column for each position of the module's own, after the memory's.
      const own = [learnedPosition, zero].flatMap((column) =>
        column === undefined ? [] : [tf.expandDims(column, -1)],
      );
      const all = own.length === 0 ? weights : tf.concat([weights, ...own], -1);
      return { out: layout.back(context), weights: layout.rows(tf.mean(all, 1)), headWeights: layout.rows(all) };
    },
    ...(needsWeights && hasEmptyRow(test, heads) && { inPlaceOfNaN: { weights: 0, headWeights: 0 } }),
    ...explained(test, bind),
  };
};

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
