import * as tf from '@tensorflow/tfjs-core';
import { checkFlag, checkOptions, HeedError, show, uniformAt, type OptionNames } from '@heed/base';
import type { Json } from '../files/pretrained-files.js';
import { partsOf, type ModelParts, type PretrainedModel } from '../model.js';
import { assertUnadapted, type Parameter } from '../parameters.js';
import { LoraAdapter, type LowRank } from './adapter.js';
import { targetsOf, wholeModules, type Target } from './targets.js';

/** What an adapter is, under peft's names in camel case, with its defaults. */
export interface LoraOptions {
  /** Rank of what is added to a weight; 8 by default. */
  readonly r?: number;
  /** α, `lora_alpha`: what is added counts α/r times; 8 by default. */
  readonly alpha?: number;
  /** Whether it counts α/√r times. */
  readonly useRslora?: boolean;
  /** Layers that are adapted, by the ends of their modules' names; those that make queries and values by default. */
  readonly targetModules?: readonly string[] | 'all-linear';
  /** Modules that are trained as a whole and saved with the adapter, such as the head of a classifier. */
  readonly modulesToSave?: readonly string[];
  /** Seed of the first values of A; 1 by default. B begins as 0, so that an adapter changes nothing at first. */
  readonly seed?: number;
}

const OPTIONS: OptionNames<LoraOptions> = {
  r: true,
  alpha: true,
  useRslora: true,
  targetModules: true,
  modulesToSave: true,
  seed: true,
};

/** As peft has them. */
const RANK = 8;
const ALPHA = 8;

/**
 * A new low-rank adapter on a model, whose own parameters stay as they are.
 *
 * @throws HeedError INVALID_ARGUMENT for values out of range, names that no layer has, a model that was loaded as trainable or has an
 *   adapter; UNKNOWN_OPTION, DISPOSED
 * @see Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models", arXiv:2106.09685, §4.1
 */
export function lora(model: PretrainedModel, options: LoraOptions = {}): LoraAdapter {
  checkOptions('lora', options, OPTIONS);
  const { r = RANK, alpha = ALPHA, targetModules, modulesToSave = [], seed = 1 } = options;
  const useRslora = checkFlag('lora: useRslora', options.useRslora);
  if (!Number.isSafeInteger(r) || r < 1) throw outOfRange('r', r, 'a whole number ≥ 1');
  if (!Number.isFinite(alpha) || alpha <= 0) throw outOfRange('alpha', alpha, 'a number > 0');
  if (!Number.isSafeInteger(seed) || seed < 0) throw outOfRange('seed', seed, 'a whole number ≥ 0');
  const parts = adaptableParts(model);
  const targets = targetsOf(parts, targetModules);
  const whole = wholeModules(parts, modulesToSave);
  const names = Array.isArray(targetModules) ? targetModules : targets.map(({ module }) => module);
  const config = configOf(targets, { r, alpha, useRslora, names, modulesToSave });
  const layers = targets.map((target) => ({ target, down: firstValues(target, r, seed), up: undefined }));
  return adapterOf(parts, { config, layers, whole });
}

/** Values of an adapter's matrices; zeros where there are none. */
interface Layers {
  readonly target: Target;
  readonly down: Float32Array;
  readonly up: Float32Array | undefined;
}

interface Begun {
  readonly config: Json & { readonly r: number; readonly lora_alpha: number; readonly use_rslora: boolean };
  readonly layers: readonly Layers[];
  readonly whole: readonly Parameter[];
}

/** Puts an adapter on a model. */
export function adapterOf(parts: ModelParts, { config, layers, whole }: Begun): LoraAdapter {
  const { r, lora_alpha: alpha, use_rslora: useRslora } = config;
  const variable = (shape: [number, number], values: Float32Array | undefined): tf.Variable =>
    tf.tidy(() => tf.variable(values === undefined ? tf.zeros(shape) : tf.tensor(values, shape, 'float32')));
  return new LoraAdapter({
    config,
    scale: alpha / (useRslora ? Math.sqrt(r) : r),
    layers: layers.map(({ target, down, up }): LowRank => ({
      ...target,
      down: variable([r, target.inputs], down),
      up: variable([target.outputs, r], up),
    })),
    whole: whole.map((parameter) => {
      const before = tf.keep(tf.clone(parameter.tensor()));
      parameter.train(true);
      return { name: parts.nameInFile(parameter.name), parameter, before };
    }),
  });
}

/** @throws HeedError INVALID_ARGUMENT for a model that can't take an adapter; DISPOSED */
export function adaptableParts(model: PretrainedModel): ModelParts {
  // It tells whether the model is there still.
  const tensors = Object.values(model.parameters);
  const parts = partsOf(model);
  if (tensors.some((tensor) => tensor instanceof tf.Variable)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: 'lora: the parameters of the model are variables, which an adapter is to leave as they are',
      hint: 'load it without trainable, or give model.copy(); modulesToSave trains modules as a whole',
    });
  }
  assertUnadapted('lora', parts.built.parameters);
  return parts;
}

/** Uniform in ±1/√inputs, as PyTorch's `kaiming_uniform_(a=√5)` has it, which peft takes for A. */
function firstValues({ module, inputs }: Target, r: number, seed: number): Float32Array {
  const at = uniformAt({ seed, stream: 'models', name: `${module}.lora_A` });
  return Float32Array.from({ length: r * inputs }, (_, n) => (2 * at(n) - 1) / Math.sqrt(inputs));
}

interface Described {
  readonly r: number;
  readonly alpha: number;
  readonly useRslora: boolean;
  readonly names: readonly string[];
  readonly modulesToSave: readonly string[];
}

/** `adapter_config.json` as peft writes it. */
function configOf(
  targets: readonly Target[],
  { r, alpha, useRslora, names, modulesToSave }: Described,
): Begun['config'] {
  return {
    base_model_name_or_path: null,
    bias: 'none',
    fan_in_fan_out: targets.every(({ weight }) => weight.stored === 'inputs by outputs'),
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: alpha,
    lora_dropout: 0,
    modules_to_save: modulesToSave.length > 0 ? modulesToSave : null,
    peft_type: 'LORA',
    r,
    target_modules: names,
    task_type: null,
    use_dora: false,
    use_rslora: useRslora,
  };
}

const outOfRange = (name: string, value: unknown, hint: string): HeedError =>
  new HeedError('INVALID_ARGUMENT', { message: `lora: ${name} is ${show(value)}`, hint, details: { [name]: value } });
