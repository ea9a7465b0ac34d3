import type * as tf from '@tensorflow/tfjs-core';
import { checkOptions, HeedError, type OptionNames } from '@heed/base';
import type { Config } from './config.js';
import { labelNames } from './families/labels.js';
import type { Inputs, Network, Outputs, RunOptions } from './networks/network.js';
import type { Parameter } from './parameters.js';
import type { Tokenizer } from './tokens/tokenizer.js';

const RUN_OPTIONS: OptionNames<RunOptions> = { attentions: true, hiddenStates: true };

export interface ModelParts {
  readonly architecture: string;
  readonly config: Config;
  readonly network: Network;
  /** By the names that the file has for them. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly unused: readonly string[];
  readonly tokenizer: Tokenizer | undefined;
}

/** A pretrained model, on the backend that is in use. It owns its parameters: `dispose()` frees them. */
export class PretrainedModel {
  readonly #parts: ModelParts;
  #disposed = false;

  constructor(parts: ModelParts) {
    this.#parts = parts;
  }

  /** Name of the model's class in transformers. */
  get architecture(): string {
    return this.#parts.architecture;
  }

  /** The fields of its `config.json`. */
  get config(): Readonly<Record<string, unknown>> {
    return this.#parts.config.json;
  }

  /** Names of the labels of a classifier, by their numbers. */
  get labels(): readonly string[] {
    return labelNames(this.#parts.config);
  }

  /** Its tokenizer; undefined where the folder has none. */
  get tokenizer(): Tokenizer | undefined {
    return this.#parts.tokenizer;
  }

  /** Names of the inputs that `run` takes. */
  get takes(): readonly (keyof Inputs)[] {
    return this.#parts.network.takes;
  }

  /** Tensors of the file that the model has no use for, by name: other heads, buffers. */
  get unused(): readonly string[] {
    return this.#parts.unused;
  }

  /** Parameters by the names and in the shapes that the file has them; variables of a model that was loaded as `trainable`. */
  get parameters(): Readonly<Record<string, tf.Tensor>> {
    this.#assertAlive('parameters');
    return Object.fromEntries([...this.#parts.parameters].map(([name, parameter]) => [name, parameter.tensor()]));
  }

  /**
   * What the model makes of a batch. Gradients flow to the parameters.
   *
   * @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH, UNKNOWN_OPTION, DISPOSED
   */
  run(inputs: Inputs, options: RunOptions = {}): Outputs {
    this.#assertAlive('run');
    const { network } = this.#parts;
    const given: Readonly<Record<string, unknown>> = { ...inputs };
    checkOptions('run: inputs', given, Object.fromEntries(network.takes.map((name) => [name, true as const])));
    checkOptions('run', options, RUN_OPTIONS);
    return network.run(inputs, options);
  }

  dispose(): void {
    this.#disposed = true;
    for (const parameter of this.#parts.parameters.values()) parameter.dispose();
  }

  #assertAlive(call: string): void {
    if (this.#disposed) throw new HeedError('DISPOSED', { message: `${call} after dispose` });
  }
}
