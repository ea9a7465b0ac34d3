import * as tf from '@tensorflow/tfjs-core';
import * as heed from '@heed/core';
import { Allocation, toBias, toMask } from './algebra.js';
import { biasTensors } from './oracle/biases.js';
import { outputsOf, type Instance } from './example.js';
import type { Outputs } from './ops/define.js';
import { opOf } from './ops/table.js';

/**
 * Performer of an instance on the selected backend, through the public ops and the public tape, as a user would run it. It owns the
 * tensors of the inputs until it is disposed; tensors that it returns belong to the caller.
 */
export class Performer {
  /** Differentiable inputs, by name. */
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly #instance: Instance;
  readonly #allocation = new Allocation();
  readonly #options: object;

  /** Makes the tensors. @param borrowed inputs that are tensors already, with the same numbers, which the caller owns */
  constructor(instance: Instance, borrowed: Readonly<Record<string, tf.Tensor>> = {}) {
    this.#instance = instance;
    const values = { ...instance.inputs, ...biasTensors(instance.bias) };
    this.inputs = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, borrowed[name] ?? this.#allocation.tensor(value)]),
    );
    this.#options = this.#makeOptions();
  }

  explain(): heed.Explanation {
    const { example, inputs } = this.#instance;
    // What options captured is no argument.
    const names = Object.keys(inputs).filter((name) => name in heed.OPS[example.op].inputs);
    const tensors = Object.fromEntries(names.map((name) => [name, this.inputs[name]]));
    // The call of an op that the suite knows by its name alone.
    return heed.explain({ op: example.op, ...tensors, ...this.#options } as heed.Call);
  }

  /** Outputs that the example asks for. */
  forward(): Outputs {
    return opOf(this.#instance.example).run(this.inputs, this.#options);
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

  #makeOptions(): object {
    const { example, mask, bias } = this.#instance;
    const outputs = outputsOf(example);
    const options = {
      mask: mask && toMask(mask, this.#allocation),
      bias: bias && toBias(bias, (_, name) => this.inputs[name]),
      causal: example.causal,
      dropout: example.dropout,
      returnWeights: outputs.includes('weights') || undefined,
      returnLogSumExp: outputs.includes('logSumExp') || undefined,
      returnState: outputs.includes('state') || undefined,
      ...opOf(example).options(example),
      ...opOf(example).capturing?.(example, this.inputs),
    };
    return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  }
}

export function gradientName(input: string): string {
  return `d${input[0].toUpperCase()}${input.slice(1)}`;
}

/**
 * Scalar whose gradient with respect to each output is the output's cotangent, like Σ output∘cotangent, but without the gradients of
 * TensorFlow.js's own ops, which aren't registered by default. It is a loss as it is, and no term of a larger one: nothing is computed
 * of the cotangents, for which an engine may have to compile a program for each of their shapes.
 */
export function pairing(outputs: readonly tf.Tensor[], cotangents: readonly tf.Tensor[]): tf.Tensor {
  const op = tf.customGrad((..._outputs: (tf.Tensor | tf.GradSaveFunc)[]) => ({
    value: tf.scalar(0),
    gradFunc: () => cotangents.map((cotangent) => tf.clone(cotangent)),
  }));
  return op(...outputs);
}

/** Numbers of tensors, by name. */
export type Numbers = Readonly<Record<string, { readonly shape: readonly number[]; readonly values: Float32Array }>>;

/** Reads the numbers of tensors, without disposing them: all at once, so that a device is waited for once. */
export async function read(tensors: Readonly<Record<string, tf.Tensor | undefined>>): Promise<Numbers> {
  const present = Object.entries(tensors).flatMap(([name, tensor]) => (tensor === undefined ? [] : [{ name, tensor }]));
  const numbers = await Promise.all(
    // The numbers are copied, since an engine may return its own memory.
    present.map(async ({ tensor }) => ({ shape: tensor.shape, values: Float32Array.from(await tensor.data()) })),
  );
  return Object.fromEntries(present.map(({ name }, n) => [name, numbers[n]]));
}

/** Reads the numbers of tensors, and disposes them. */
export async function take(tensors: Readonly<Record<string, tf.Tensor | undefined>>): Promise<Numbers> {
  try {
    return await read(tensors);
  } finally {
    tf.dispose(tensors as tf.NamedTensorMap);
  }
}
