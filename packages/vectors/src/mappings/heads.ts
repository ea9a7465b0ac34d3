import {
  bindMechanism,
  type AttendOptions,
  type BoundMechanism,
  type MultiHeadOptions,
  type MultiTokenOptions,
  type PreparedMemory,
} from '@heed/attention';
import { slidingWindow } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { cannot, numberIn, type Compute, type Mapped, type NamedTensors } from '../mapping.js';
import { tensorsOf, type VectorCase } from '../vector-case.js';

/** Sizes that cases of heads have in common. */
const SIZES = ['batch', 'heads', 'kvHeads', 'queries', 'keys', 'width', 'valueWidth', 'inputWidth', 'lengths'] as const;
/** Masks, which `maskingOf` reads. */
export const MASKS = ['causal', 'window'] as const;

/** Refuses an option that no one reads: a case with one that is unknown can't be computed. */
export function checkKnown(test: VectorCase, own: readonly string[]): void {
  const known = [...SIZES, ...own];
  const stray = Object.keys(test.options).find((name) => !known.includes(name));
  if (stray !== undefined) cannot(test, `there is no option '${stray}'; known are ${known.join(', ')}`);
}

/** An option of a case that is true or false, false when absent. */
export function flagIn(test: VectorCase, name: string): boolean {
  const value = test.options[name] ?? false;
  return typeof value === 'boolean' ? value : cannot(test, `options.${name} is ${JSON.stringify(value)}, no boolean`);
}

/** An option that is one of a few words. */
export function wordIn<const Word extends string>(test: VectorCase, name: string, words: readonly Word[]): Word {
  const value = test.options[name];
  return words.find((word) => word === value) ?? cannot(test, `options.${name} is ${JSON.stringify(value)}`);
}

/** Settings of multi-head attention beyond its widths, and its parameters beyond the projections, made of the case's. */
export interface HeadsCase {
  /** 'multiHead' by default. */
  readonly kind?: 'multiHead' | 'multiToken';
  readonly options?: Partial<MultiHeadOptions & MultiTokenOptions>;
  /** @param place puts a kernel [E, …] for `in/x` where the queries, which are end to end with it, have it */
  parameters?(given: NamedTensors, place: (kernel: tf.Tensor) => tf.Tensor): NamedTensors;
  /** Outputs besides weights and context, by their names. */
  outputs?(call: HeadsCall): NamedTensors;
}

export interface HeadsCall {
  readonly mechanism: BoundMechanism;
  readonly query: tf.Tensor3D;
  readonly memory: PreparedMemory;
  readonly options: Pick<AttendOptions, 'causal' | 'alignment' | 'mask' | 'bias'>;
}

/**
 * A case whose heads are given, `in/q`, `in/k` and `in/v` [B, H, T, D], and not projected, computed by `multiHead`: all that belongs to a
 * position stands end to end, and the kernels are of ones and zeros that pick from it, which is exact.
 */
export function mapHeads(test: VectorCase, { kind = 'multiHead', options, parameters, outputs }: HeadsCase): Mapped {
  const bind = (given: NamedTensors, tensors: NamedTensors): HeadsCall => {
    const { q, k, v } = given as Readonly<Record<string, tf.Tensor4D | undefined>>;
    const { x } = given as Readonly<Record<string, tf.Tensor3D | undefined>>;
    const { lengths } = given as Readonly<Record<string, tf.Tensor1D | undefined>>;
    if (q === undefined || k === undefined || v === undefined) cannot(test, 'in/q, in/k and in/v are needed');
    const [queries, keys, values] = [merged(q), merged(k), merged(v)];
    const query = x === undefined ? queries : tf.concat([queries, x], 2);
    const memory = tf.concat([keys, values], 2);
    const [queryWidth, memoryWidth] = [query.shape[2], memory.shape[2]];
    const place = (kernel: tf.Tensor): tf.Tensor => tf.concat([tf.zeros([queries.shape[2], kernel.shape[1]!]), kernel]);
    const valueHeads = options?.talkingHeads?.valueHeads ?? q.shape[1];
    const contextWidth = valueHeads * v.shape[3];
    const mechanism = bindMechanism(
      {
        kind,
        queryWidth,
        memoryWidth,
        heads: q.shape[1],
        ...(kind === 'multiHead' && { keyHeads: k.shape[1] }),
        headWidth: q.shape[3],
        valueWidth: v.shape[3],
        outputWidth: contextWidth,
        bias: false,
        seed: 0,
        ...options,
      },
      {
        query_kernel: picking(0, queries.shape[2], queryWidth),
        key_kernel: picking(0, keys.shape[2], memoryWidth),
        value_kernel: picking(keys.shape[2], values.shape[2], memoryWidth),
        output_kernel: tf.eye(contextWidth),
        ...parameters?.(tensors, place),
      },
    );
    const prepared = mechanism.prepare(memory, lengths === undefined ? {} : { lengths });
    return { mechanism, query, memory: prepared, options: maskingOf(test) };
  };
  const run: Compute = (given, tensors) => {
    const call = bind(given, tensors);
    const { context, weights } = call.mechanism.attend(call.query, call.memory, {
      ...call.options,
      returnWeights: true,
    });
    const heads = options?.talkingHeads?.valueHeads ?? given['q']!.shape[1]!;
    return { weights, context: split(context, heads), ...outputs?.(call) };
  };
  return { run, ...explained(test, bind) };
}

/** How a case's call runs on the backend in use, which its shapes decide. */
export function explained(
  test: VectorCase,
  bind: (inputs: NamedTensors, parameters: NamedTensors) => HeadsCall,
): Pick<Mapped, 'path' | 'reasons'> {
  let explanation: Pick<Mapped, 'path' | 'reasons'> | undefined;
  tf.tidy(() => {
    const zeros = (beginning: string): NamedTensors =>
      Object.fromEntries(
        Object.entries(tensorsOf(test, beginning)).map(([name, { shape, dtype }]) => [
          name,
          tf.zeros([...shape], dtype),
        ]),
      );
    const { mechanism, query, memory, options } = bind(zeros('in'), zeros('param'));
    explanation = mechanism.explain(query, memory, options);
  });
  const { path, reasons } = explanation!;
  return { path, reasons };
}

/** Positions of queries and keys both count from 0, whatever their numbers. */
export function maskingOf(test: VectorCase): HeadsCall['options'] {
  const alignment = { align: 'top-left' } as const;
  const options = { causal: flagIn(test, 'causal'), alignment };
  if (!('window' in test.options)) return options;
  return { ...options, mask: slidingWindow({ left: numberIn(test, 'window') - 1, ...alignment }) };
}

/** [B, H, T, D] → [B, T, H·D] */
export const merged = (x: tf.Tensor4D): tf.Tensor3D =>
  tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [x.shape[0], x.shape[2], x.shape[1] * x.shape[3]]);

/** [B, T, H·D] → [B, H, T, D] */
export const split = (x: tf.Tensor3D, heads: number): tf.Tensor4D =>
  tf.transpose(tf.reshape(x, [x.shape[0], x.shape[1], heads, x.shape[2] / heads]), [0, 2, 1, 3]);

/** A kernel [total, width] that picks features from … from + width. */
export const picking = (from: number, width: number, total: number): tf.Tensor2D =>
  tf.pad(tf.eye(width), [
    [from, total - from - width],
    [0, 0],
  ]);
