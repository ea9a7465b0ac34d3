import type * as tf from '@tensorflow/tfjs-core';
import { checkOptions, HeedError, type OptionNames } from '@heed/base';
import type { Config } from './config.js';
import type { Json } from './files/pretrained-files.js';
import { generate, type Generated } from './generation/generate.js';
import type { GenerateOptions } from './generation/options.js';
import { labelNames } from './families/labels.js';
import type { Inputs, Network, Outputs, RunOptions } from './networks/network.js';
import type { Parameter } from './parameters.js';
import type { Tokenizer } from './tokens/tokenizer.js';

const RUN_OPTIONS: OptionNames<RunOptions> = {
  attentions: true,
  hiddenStates: true,
  interpolatePosEncoding: true,
};

export interface ModelParts {
  readonly architecture: string;
  readonly config: Config;
  /** `generation_config.json`, where the folder has one. */
  readonly generationConfig: Json | undefined;
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

  /** Whether `generate` can continue something. */
  get continues(): boolean {
    return this.#parts.network.continuable !== undefined;
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
    this.#checkInputs('run', inputs);
    checkOptions('run', options, RUN_OPTIONS);
    return network.run(inputs, options);
  }

  /**
   * Continuations of prompts, or of what a decoder starts with.
   *
   * @throws HeedError INVALID_ARGUMENT for a model that continues nothing, and for options out of range; SHAPE_MISMATCH, UNKNOWN_OPTION,
   * CONFIG_INVALID (`generation_config.json`), DISPOSED
   */
  async generate(inputs: Inputs, options: GenerateOptions = {}): Promise<Generated> {
    this.#assertAlive('generate');
    const { architecture, config, generationConfig, network } = this.#parts;
    this.#checkInputs('generate', inputs);
    if (network.continuable === undefined) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `generate: ${architecture} continues nothing`,
        hint: 'load a model with a causal language model or conditional generation',
      });
    }
    return generate(network.continuable, generationConfig ?? config.json, inputs, options);
  }

  dispose(): void {
    this.#disposed = true;
    for (const parameter of this.#parts.parameters.values()) parameter.dispose();
  }

  #checkInputs(call: string, inputs: Inputs): void {
    const given: Readonly<Record<string, unknown>> = { ...inputs };
    checkOptions(`${call}: inputs`, given, Object.fromEntries(this.takes.map((name) => [name, true as const])));
  }

  #assertAlive(call: string): void {
    if (this.#disposed) throw new HeedError('DISPOSED', { message: `${call} after dispose` });
  }
}
