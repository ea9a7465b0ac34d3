import * as tf from '@tensorflow/tfjs-core';
import { both, causal, dotProductAttention, slidingWindow } from '@heed/core';

import { createMechanism, rotary, selfAttend } from '@heed/attention';

/** One case of ONNX Runtime Web's operator tests. */
export interface OrtCase {
  /** Identifier: file, index in it, and name, since names alone aren't unique. */
  readonly id: string;
  readonly operator: string;
  readonly attributes: Readonly<Record<string, number>>;
  /** Inputs in the operator's order; undefined is an optional input that isn't given. */
  readonly inputs: readonly (OrtTensor | undefined)[];
  readonly outputs: readonly OrtTensor[];
}

interface OrtTensor {
  readonly data: readonly number[];
  readonly dims: readonly number[];
  readonly type: string;
}

/** Contents of a file of cases. */
export type OrtFile = readonly {
  readonly name: string;
  readonly operator: string;
  readonly attributes: readonly { readonly name: string; readonly data: number }[];
  readonly cases: readonly {
    readonly inputs: readonly { readonly data: readonly number[] | null; readonly dims?: readonly number[] }[];
    readonly outputs: readonly OrtTensor[];
  }[];
}[];

export function ortCases(file: string, tests: OrtFile): OrtCase[] {
  return tests.flatMap(({ name, operator, attributes, cases }, index) =>
    cases.map(({ inputs, outputs }, n) => ({
      id: `${file} ${index}${cases.length > 1 ? `.${n}` : ''}: ${name.trim()}`,
      operator,
      attributes: Object.fromEntries(attributes.map(({ name, data }) => [name, data])),
      inputs: inputs.map((input) => (input.data === null ? undefined : (input as OrtTensor))),
      outputs,
    })),
  );
}

/** Outputs of the operator, in its order, computed by Heed's public ops. */
export function runOrtCase(test: OrtCase): tf.Tensor[] {
  const run = OPERATORS[test.operator];
  if (run === undefined) throw new Error(`operator ${test.operator} is unknown`);
  const unknown = Object.keys(test.attributes).filter((name) => !run.attributes.includes(name));
  const beyond = test.inputs.filter((input, place) => input !== undefined && run.inputs[place] === undefined);
  if (unknown.length > 0 || beyond.length > 0) {
    throw new Error(`${test.id}: attributes [${unknown}] or ${beyond.length} inputs aren't mapped`);
  }
  return run.compute(test.attributes, (name) => {
    const input = test.inputs[run.inputs.indexOf(name)];
    return input && tf.tensor([...input.data], [...input.dims], input.type === 'float32' ? 'float32' : 'int32');
  });
}

interface Operator {
  readonly attributes: readonly string[];
  /** Names of the inputs, in the operator's order; an input without a name here is refused. */
  readonly inputs: readonly (string | undefined)[];
  compute(attributes: Readonly<Record<string, number>>, input: (name: string) => tf.Tensor | undefined): tf.Tensor[];
}

/** Self-attention of an input [B, S, I] with one kernel [I, 3·N·H] for query, key and value, without an output kernel. */
const attention: Operator = {
  attributes: ['num_heads', 'scale'],
  inputs: ['input', 'weights', 'bias'],
  compute({ num_heads: heads, scale }, input) {
    const x = input('input') as tf.Tensor3D;
    const kernels = tf.split(input('weights')!, 3, 1);
    const biases = tf.split(input('bias')!, 3);
    const [inputWidth, width] = kernels[0].shape as [number, number];
    const mechanism = createMechanism(
      {
        kind: 'multiHead',
        queryWidth: inputWidth,
        memoryWidth: inputWidth,
        heads,
        headWidth: width / heads!,
        outputWidth: width,
        ...(scale !== undefined && { scale }),
        seed: 0,
      },
      {
        ...Object.fromEntries(['query', 'key', 'value'].map((name, i) => [`${name}_kernel`, kernels[i]])),
        ...Object.fromEntries(['query', 'key', 'value'].map((name, i) => [`${name}_bias`, biases[i]])),
        output_kernel: tf.eye(width),
        output_bias: tf.zeros([width]),
      },
    );
    try {
      return [selfAttend(mechanism, x).context];
    } finally {
      mechanism.dispose();
    }
  },
};

const multiHeadAttention: Operator = {
  attributes: ['num_heads'],
  inputs: ['query', 'key', 'value', 'bias', undefined, 'attention_bias', 'past_key', 'past_value'],
  compute({ num_heads: heads }, input) {
    const [queryBias, keyBias, valueBias] = input('bias') ? tf.split(input('bias')!, 3) : [];
    const query = toHeads(plus(input('query')!, queryBias), heads!);
    const key = joined(input('past_key'), toHeads(plus(input('key')!, keyBias), heads!));
    const value = joined(input('past_value'), toHeads(plus(input('value')!, valueBias), heads!));
    const bias = input('attention_bias');
    const { context } = dotProductAttention(query, key, value, { ...(bias && { bias }) });
    return [mergeHeads(context), key, value];
  },
};

const groupQueryAttention: Operator = {
  attributes: [
    'num_heads',
    'kv_num_heads',
    'softcap',
    'local_window_size',
    'smooth_softmax',
    'do_rotary',
    'rotary_interleaved',
  ],
  inputs: [
    'query',
    'key',
    'value',
    'past_key',
    'past_value',
    'seqlens_k',
    'total_sequence_length',
    'cos_cache',
    'sin_cache',
    undefined,
    'attention_bias',
    'head_sink',
  ],
  compute(attributes, input) {
    const { num_heads: heads, kv_num_heads: keyHeads, softcap: softCap, local_window_size: window = -1 } = attributes;
    const [q, k, v] = input('key')
      ? [input('query')!, input('key')!, input('value')!]
      : unpacked(input('query')!, heads!, keyHeads!);
    const past = input('past_key');
    // Queries and new keys are rotated; cached keys are already.
    const turned = (x: tf.Tensor4D): tf.Tensor4D => {
      if (!attributes['do_rotary']) return x;
      return rotary(x, {
        offset: past?.shape[2] ?? 0,
        layout: attributes['rotary_interleaved'] ? 'interleaved' : 'half',
        tables: { cos: input('cos_cache') as tf.Tensor2D, sin: input('sin_cache') as tf.Tensor2D },
      });
    };
    const query = turned(toHeads(q!, heads!));
    const key = joined(past, turned(toHeads(k!, keyHeads!)));
    const value = joined(input('past_value'), toHeads(v!, keyHeads!));
    const keys = key.shape[2];
    const totals = [
      ...Array.from(input('seqlens_k')!.dataSync(), (last) => last + 1),
      ...values(input('total_sequence_length')!),
    ];
    if (totals.some((total) => total !== keys)) throw new Error(`totals [${totals}] of ${keys} keys aren't mapped`);

    const align = 'bottom-right';
    const mask = both(
      causal({ align }),
      // The operator counts the query's own position as part of the window; Heed counts only the positions before it.
      ...(window > 0 ? [slidingWindow({ left: window - 1, align })] : []),
    );
    const bias = input('attention_bias');
    const { context, logSumExp } = dotProductAttention(query, key, value, {
      mask,
      ...(softCap && { softCap }), // 0 means none in the operator
      ...(bias && { bias }),
      returnLogSumExp: true,
    });
    const sink = input('head_sink') ?? (attributes['smooth_softmax'] ? tf.zeros([heads!]) : undefined);
    return [mergeHeads(sink ? withSink(context, logSumExp!, sink) : context), key, value];
  },
};

const OPERATORS: Readonly<Record<string, Operator>> = {
  Attention: attention,
  MultiHeadAttention: multiHeadAttention,
  GroupQueryAttention: groupQueryAttention,
};

/**
 * Context of a softmax with a sink, one more logit z that has no value: all weights, and so the context, are multiplied by
 * Σ exp(s) / (Σ exp(s) + exp(z)) = σ(logSumExp − z).
 *
 * @param context [B, H, S, Dv]
 * @param logSumExp [B, H, S]
 * @param sink z of each head, [H]; 0 for "smooth softmax"
 */
function withSink(context: tf.Tensor4D, logSumExp: tf.Tensor3D, sink: tf.Tensor): tf.Tensor4D {
  const share = tf.sigmoid(tf.sub(logSumExp, tf.reshape(sink, [-1, 1])));
  return tf.mul(context, tf.expandDims(share, -1));
}

const values = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

const plus = (x: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor => (bias ? tf.add(x, bias) : x);

/** Splits packed [B, S, (N + 2·G)·H] into query, key and value. */
function unpacked(packed: tf.Tensor, heads: number, keyHeads: number): tf.Tensor[] {
  const width = packed.shape.at(-1)! / (heads + 2 * keyHeads);
  return tf.split(packed, [heads * width, keyHeads * width, keyHeads * width], -1);
}

/** Splits heads: [B, T, N·H] → [B, N, T, H]; a tensor of rank 4 stays as it is. */
function toHeads(x: tf.Tensor, heads: number): tf.Tensor4D {
  if (x.rank === 4) return x as tf.Tensor4D;
  const [batch, time, width] = x.shape as [number, number, number];
  return tf.transpose(tf.reshape(x, [batch, time, heads, width / heads]), [0, 2, 1, 3]);
}

/** Merges heads: [B, N, T, H] → [B, T, N·H]. */
function mergeHeads(x: tf.Tensor4D): tf.Tensor3D {
  const [batch, heads, time, width] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, time, heads * width]);
}

/** Joins the past and the new positions, without tf.concat for an empty past, which isn't reliable. */
function joined(past: tf.Tensor | undefined, fresh: tf.Tensor4D): tf.Tensor4D {
  return past === undefined || past.size === 0 ? fresh : tf.concat([past as tf.Tensor4D, fresh], 2);
}
