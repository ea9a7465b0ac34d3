import type * as tf from '@tensorflow/tfjs-core';
import { checkFlag, checkOptions, HeedError, type OptionNames } from '@heed/base';
import type { Config } from './config.js';
import { embed, type EmbedOptions } from './embedding/embed.js';
import type { EmbeddingSettings } from './embedding/modules.js';
import type { Json, PretrainedFiles } from './files/pretrained-files.js';
import { generate, type Generated } from './generation/generate.js';
import type { GenerateOptions } from './generation/options.js';
import type { Family } from './families/family.js';
import { labelNames } from './families/labels.js';
import { beginHead, changedConfig, type HeadOptions } from './new-head.js';
import type { Inputs, Network, Outputs, RunOptions } from './networks/network.js';
import { assertUnadapted, type Parameter } from './parameters.js';
import type { Processor } from './processors/processor.js';
import { makeProcessor } from './processors/read-processor.js';
import { savedFiles } from './save.js';
import type { Tokenizer } from './tokens/tokenizer.js';

const RUN_OPTIONS: OptionNames<RunOptions> = {
  attentions: true,
  hiddenStates: true,
  interpolatePosEncoding: true,
};

export interface CopyOptions extends HeadOptions {
  /** Whether the parameters are variables; false by default. */
  readonly trainable?: boolean;
}

const COPY_OPTIONS: OptionNames<CopyOptions> = { trainable: true, architecture: true, labels: true, seed: true };

/** What a configuration makes of stored tensors. */
export interface Design {
  readonly architecture: string;
  readonly family: Family;
  readonly config: Config;
  /** The network, and its parameters, without values yet. */
  readonly built: { readonly network: Network; readonly parameters: readonly Parameter[] };
  /** The name that a parameter has in files. */
  readonly nameInFile: (name: string) => string;
}

export interface ModelParts extends Design {
  /** Designs a model of another configuration on the same files. */
  readonly design: (json: Json) => Design;
  /** `generation_config.json`, where the folder has one. */
  readonly generationConfig: Json | undefined;
  /** Files of the folder that are saved with the model. */
  readonly beside: PretrainedFiles;
  readonly unused: readonly string[];
  readonly tokenizer: Tokenizer | undefined;
  /** What `modules.json` says, where the folder has one. */
  readonly embedding: EmbeddingSettings | undefined;
  /** `preprocessor_config.json`, or what stands for it, where the folder has one. */
  readonly processorConfig: Config | undefined;
}

/** The parts of a model, for what trains and writes it. */
let partsOf: (model: PretrainedModel) => ModelParts;
export { partsOf };

/** A pretrained model, on the backend that is in use. It owns its parameters: `dispose()` frees them. */
export class PretrainedModel {
  readonly #parts: ModelParts;
  #disposed = false;

  constructor(parts: ModelParts) {
    this.#parts = parts;
  }

  static {
    partsOf = (model) => model.#parts;
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

  /**
   * What makes inputs from pictures or sounds; undefined where the folder doesn't say how.
   *
   * @throws HeedError UNKNOWN_NAME for a kind that isn't known, CONFIG_INVALID
   */
  get processor(): Processor | undefined {
    const { processorConfig } = this.#parts;
    return processorConfig && makeProcessor(processorConfig);
  }

  /** Names of the inputs that `run` takes. */
  get takes(): readonly (keyof Inputs)[] {
    return this.#parts.built.network.takes;
  }

  /** Whether `generate` can continue something. */
  get continues(): boolean {
    return this.#parts.built.network.continuable !== undefined;
  }

  /** Tensors of the file that the model has no use for, by name: other heads, buffers. */
  get unused(): readonly string[] {
    return this.#parts.unused;
  }

  /** Parameters by the names and in the shapes that the file has them; variables of a model that was loaded as `trainable`. */
  get parameters(): Readonly<Record<string, tf.Tensor>> {
    this.#assertAlive('parameters');
    const { built, nameInFile } = this.#parts;
    return Object.fromEntries(built.parameters.map((parameter) => [nameInFile(parameter.name), parameter.tensor()]));
  }

  /**
   * A model with parameters of its own that begin with the values of this one's, and with another head where one is asked for; what doesn't
   * change is in memory once.
   *
   * @throws HeedError INVALID_ARGUMENT while an adapter is on the model, and for labels that are no names; UNKNOWN_NAME, CONFIG_INVALID,
   *   UNKNOWN_OPTION, DISPOSED
   */
  copy(options: CopyOptions = {}): PretrainedModel {
    this.#assertAlive('copy');
    checkOptions('copy', options, COPY_OPTIONS);
    const own = new Map(this.#parts.built.parameters.map((parameter) => [parameter.name, parameter]));
    assertUnadapted('copy', [...own.values()]);
    const trainable = checkFlag('copy: trainable', options.trainable);
    const design = this.#parts.design(changedConfig(this.#parts.config.json, options));
    const { parameters } = design.built;
    beginHead(parameters, own, design.config, options.seed ?? 1);
    for (const parameter of parameters) {
      const values = parameter.made?.() ?? parameter.first?.();
      if (values !== undefined) parameter.fill(values, trainable);
      else parameter.copy(own.get(parameter.name)!, trainable);
    }
    return new PretrainedModel({ ...this.#parts, ...design });
  }

  /** Names of the classes of its family. */
  get architectures(): readonly string[] {
    return Object.keys(this.#parts.family.classes);
  }

  /**
   * The files of a folder with the model as it is now, float32, which `loadPretrained` and transformers open: `config.json`,
   * `model.safetensors` under the names of the files that it was made of, and the files beside them, such as `tokenizer.json`.
   *
   * @throws HeedError INVALID_ARGUMENT while an adapter is on the model; DISPOSED, and what reading the files beside throws
   */
  async save(): Promise<Record<string, Uint8Array>> {
    this.#assertAlive('save');
    return savedFiles(this.#parts);
  }

  /**
   * What the model makes of a batch. Gradients flow to the parameters.
   *
   * @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH, UNKNOWN_OPTION, DISPOSED
   */
  run(inputs: Inputs, options: RunOptions = {}): Outputs {
    this.#assertAlive('run');
    const { network } = this.#parts.built;
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
    const { architecture, config, generationConfig, built } = this.#parts;
    const { network } = built;
    this.#checkInputs('generate', inputs);
    if (network.continuable === undefined) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `generate: ${architecture} continues nothing`,
        hint: 'load a model with a causal language model or conditional generation',
      });
    }
    return generate(network.continuable, generationConfig ?? config.json, inputs, options);
  }

  /**
   * Vectors of texts, [texts, E], the caller's to dispose: states of their tokens, pooled as the folder's sentence-transformers files say or as
   * the options do. Gradients flow to the parameters.
   *
   * @throws HeedError INVALID_ARGUMENT for no texts and for a model that reads other things; UNKNOWN_NAME for a pooling or a module that isn't
   * known; UNKNOWN_OPTION, DISPOSED
   */
  embed(texts: readonly string[], options: EmbedOptions = {}): tf.Tensor2D {
    this.#assertAlive('embed');
    const { architecture, built, tokenizer, embedding: settings } = this.#parts;
    return embed({ architecture, network: built.network, tokenizer, settings }, texts, options);
  }

  /** How the folder says that embeddings are made: by sentence-transformers' `modules.json`; undefined without it. */
  get embedding(): EmbeddingSettings | undefined {
    return this.#parts.embedding;
  }

  dispose(): void {
    this.#disposed = true;
    this.#parts.built.network.dispose?.();
    for (const parameter of this.#parts.built.parameters) parameter.dispose();
  }

  #checkInputs(call: string, inputs: Inputs): void {
    const given: Readonly<Record<string, unknown>> = { ...inputs };
    checkOptions(`${call}: inputs`, given, Object.fromEntries(this.takes.map((name) => [name, true as const])));
  }

  #assertAlive(call: string): void {
    if (this.#disposed) throw new HeedError('DISPOSED', { message: `${call} after dispose` });
  }
}
