import * as tf from '@tensorflow/tfjs-core';
import * as heed from '@heed/core';
import { Allocation, toBias, toMask } from './algebra.js';
import { biasTensors } from './oracle/biases.js';
import { outputsOf } from './oracle/evaluate.js';
import type { Instance, OutputName } from './example.js';

/**
 * Performer of an instance on the selected backend, through the public ops and the public tape, as a user would run it. It owns the
 * tensors of the inputs until it is disposed; tensors that it returns belong to the caller.
 */
export class Performer {
  /** Differentiable inputs, by name. */
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly #instance: Instance;
  readonly #allocation = new Allocation();
  readonly #call: heed.Call;

  /** Makes the tensors. @param borrowed inputs that are tensors already, with the same numbers, which the caller owns */
  constructor(instance: Instance, borrowed: Readonly<Record<string, tf.Tensor>> = {}) {
    this.#instance = instance;
    const values = { ...instance.inputs, ...biasTensors(instance.bias) };
    this.inputs = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, borrowed[name] ?? this.#allocation.tensor(value)]),
    );
    this.#call = this.#callOf();
  }

  explain(): heed.Explanation {
    return heed.explain(this.#call);
  }

  /** Outputs that the example asks for. */
  forward(): Partial<Record<OutputName, tf.Tensor>> {
    const call = this.#call;
    switch (call.op) {
      case 'dotProductAttention': {
        const { op: _, query, key, value, ...options } = call;
        return heed.dotProductAttention(query as tf.Tensor, key as tf.Tensor, value as tf.Tensor, options);
      }
      case 'additiveAttention': {
        const { op: _, query, key, vector, value, ...options } = call;
        const inputs = [query, key, vector, value] as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
        return heed.additiveAttention(...inputs, options);
      }
      case 'weightedContext': {
        const { op: _, scores, value, ...options } = call;
        return heed.weightedContext(scores as tf.Tensor, value as tf.Tensor, options);
      }
    }
  }

  /**
   * Gradients of Σ output∘cotangent with respect to every differentiable input, from one pass over the tape; dQuery for query.
   *
   * @param between called between the forward and the backward pass
   */
  gradients(between?: () => void): Record<string, tf.Tensor> {
    const { cotangents, example } = this.#instance;
    const names = outputsOf(example);
    return tf.tidy(() => {
      const weights = names.map((name) => new Allocation().tensor(cotangents[name]!)); // tidied
      const loss = (): tf.Tensor => {
        const outputs = this.forward();
        between?.();
        return pairing(
          names.map((name) => outputs[name]!),
          weights,
        );
      };
      const gradients = tf.grads(loss)(Object.values(this.inputs));
      return Object.fromEntries(Object.keys(this.inputs).map((name, n) => [gradientName(name), gradients[n]]));
    });
  }

  dispose(): void {
    this.#allocation.dispose();
  }

  #callOf(): heed.Call {
    const { example, mask, bias } = this.#instance;
    const outputs = outputsOf(example);
    const options = {
      ...(mask && { mask: toMask(mask, this.#allocation) }),
      ...(example.causal && { causal: example.causal }),
      ...(example.dropout && { dropout: example.dropout }),
      ...(outputs.includes('weights') && { returnWeights: true }),
      ...(outputs.includes('logSumExp') && { returnLogSumExp: true }),
    };
    const { query, key, vector, value, scores } = this.inputs as Record<string, tf.Tensor>;
    switch (example.op) {
      case 'dotProductAttention':
        return {
          op: example.op,
          query: query!,
          key: key!,
          value: value!,
          ...options,
          ...(example.scale !== undefined && { scale: example.scale }),
          ...(example.softCap !== undefined && { softCap: example.softCap }),
          ...(bias && { bias: toBias(bias, (_, name) => this.inputs[name]) }),
        };
      case 'additiveAttention':
        return { op: example.op, query: query!, key: key!, vector: vector!, value: value!, ...options };
      case 'weightedContext': {
        const { normalizer } = example;
        return { op: example.op, scores: scores!, value: value!, ...options, ...(normalizer && { normalizer }) };
      }
    }
  }
}

export function gradientName(input: string): string {
  return `d${input[0].toUpperCase()}${input.slice(1)}`;
}

/**
 * Scalar whose gradient with respect to each output is the output's cotangent, like Σ output∘cotangent, but without the gradients of
 * TensorFlow.js's own ops, which aren't registered by default.
 */
export function pairing(outputs: readonly tf.Tensor[], cotangents: readonly tf.Tensor[]): tf.Tensor {
  const op = tf.customGrad((..._outputs: (tf.Tensor | tf.GradSaveFunc)[]) => ({
    value: tf.scalar(0),
    gradFunc: (dy: tf.Tensor) => cotangents.map((cotangent) => tf.mul(cotangent, dy)),
  }));
  return op(...outputs);
}

/** Numbers of tensors, by name. */
export type Numbers = Readonly<Record<string, { readonly shape: readonly number[]; readonly values: Float32Array }>>;

/** Reads the numbers of tensors, without disposing them. */
export async function read(tensors: Readonly<Record<string, tf.Tensor | undefined>>): Promise<Numbers> {
  const numbers: Record<string, { shape: readonly number[]; values: Float32Array }> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    // The numbers are copied, since an engine may return its own memory.
    if (tensor !== undefined) numbers[name] = { shape: tensor.shape, values: Float32Array.from(await tensor.data()) };
  }
  return numbers;
}

/** Reads the numbers of tensors, and disposes them. */
export async function take(tensors: Readonly<Record<string, tf.Tensor | undefined>>): Promise<Numbers> {
  try {
    return await read(tensors);
  } finally {
    tf.dispose(tensors as tf.NamedTensorMap);
  }
}
