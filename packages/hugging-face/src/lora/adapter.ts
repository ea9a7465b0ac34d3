import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { encodeSafetensors, type NumericArray } from '@heed/formats';
import type { Json } from '../files/pretrained-files.js';
import type { Parameter } from '../parameters.js';
import type { Target } from './targets.js';

/** What peft's names of a model's tensors begin with. */
export const PREFIX = 'base_model.model.';
export const ADAPTER_CONFIG = 'adapter_config.json';
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors';

/** Matrices of an adapted layer. */
export interface LowRank extends Target {
  /** A, [r, inputs] */
  readonly down: tf.Variable;
  /** B, [outputs, r] */
  readonly up: tf.Variable;
}

export interface AdapterParts {
  /** Fields of `adapter_config.json`. */
  readonly config: Json;
  /** α/r, or α/√r. */
  readonly scale: number;
  readonly layers: readonly LowRank[];
  /** Parameters that are trained as a whole, with the names that the files have for them, and their values of before. */
  readonly whole: readonly { readonly name: string; readonly parameter: Parameter; readonly before: tf.Tensor }[];
}

/**
 * A low-rank adapter on a model: while it is there, a layer of weight W gives Wx + (α/r)·B A x, and gradients reach A and B alone, and what
 * `modulesToSave` names. It owns its parameters: `dispose()` takes it off and frees them, and `merge()` makes it a part of the weights.
 *
 * @see Hu et al. 2021, "LoRA", arXiv:2106.09685, §4.1, equation 3
 */
export class LoraAdapter {
  readonly #parts: AdapterParts;
  #isOff = false;

  constructor(parts: AdapterParts) {
    this.#parts = parts;
    const { scale } = parts;
    for (const { weight, down, up } of parts.layers) {
      weight.adapter = (x) => tf.mul(tf.matMul(tf.matMul(x, down, false, true), up, false, true), scale);
    }
  }

  /** Fields of its `adapter_config.json`, as peft has them. */
  get config(): Json {
    return this.#parts.config;
  }

  /** What is trained, under peft's names. */
  get parameters(): Readonly<Record<string, tf.Variable>> {
    this.#assertOn('parameters');
    const { layers, whole } = this.#parts;
    return Object.fromEntries([
      ...layers.flatMap(({ module, down, up }) => [
        [`${PREFIX}${module}.lora_A.weight`, down] as const,
        [`${PREFIX}${module}.lora_B.weight`, up] as const,
      ]),
      ...whole.map(({ name, parameter }) => [PREFIX + name, parameter.tensor() as tf.Variable] as const),
    ]);
  }

  /** Number of numbers that are trained. */
  get parameterCount(): number {
    return Object.values(this.parameters).reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * Adds (α/r)·B A to the weights of the model, which then computes the same without the adapter; it is spent by that.
   *
   * @throws HeedError DISPOSED
   */
  merge(): void {
    this.#assertOn('merge');
    const { layers, whole, scale } = this.#parts;
    for (const { weight, down, up } of layers) {
      const merged = tf.tidy(() => {
        const change = tf.mul(tf.matMul(up, down), scale);
        return tf.add(weight.tensor(), weight.stored === 'outputs by inputs' ? change : tf.transpose(change));
      });
      weight.replace(merged);
    }
    for (const { parameter } of whole) parameter.train(false);
    this.#takeOff();
  }

  /**
   * The files of a folder with the adapter alone, which `loadLora` and peft open: `adapter_config.json` and `adapter_model.safetensors`.
   *
   * @throws HeedError DISPOSED
   */
  async save(): Promise<Record<string, Uint8Array>> {
    this.#assertOn('save');
    const tensors: Record<string, NumericArray> = {};
    for (const [name, variable] of Object.entries(this.parameters)) {
      tensors[name] = { dtype: 'float32', shape: variable.shape, data: await variable.data<'float32'>() };
    }
    return {
      [ADAPTER_CONFIG]: new TextEncoder().encode(`${JSON.stringify(this.config, null, 2)}\n`),
      [ADAPTER_WEIGHTS]: encodeSafetensors(tensors, { format: 'pt' }),
    };
  }

  /** Takes the adapter off the model, which is then as it was before. */
  dispose(): void {
    if (this.#isOff) return;
    for (const { parameter, before } of this.#parts.whole) {
      // A model that was disposed of has nothing to give back.
      if (!parameter.isFilled) continue;
      parameter.train(false);
      parameter.replace(tf.clone(before));
    }
    this.#takeOff();
  }

  #takeOff(): void {
    this.#isOff = true;
    for (const { weight, down, up } of this.#parts.layers) {
      weight.adapter = undefined;
      tf.dispose([down, up]);
    }
    for (const { before } of this.#parts.whole) before.dispose();
  }

  #assertOn(call: string): void {
    if (this.#isOff) {
      throw new HeedError('DISPOSED', {
        message: `${call} of an adapter after merge or dispose`,
        hint: 'put another on the model: lora(model), or loadLora(model, files)',
      });
    }
  }
}
