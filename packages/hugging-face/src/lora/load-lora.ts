import { HeedError } from '@heed/base';
import { Config } from '../config.js';
import { readJson, type PretrainedFiles } from '../files/pretrained-files.js';
import { openShard, type StoredTensor, type StoredTensors } from '../files/stored-weights.js';
import type { ModelParts, PretrainedModel } from '../model.js';
import { checkShape, readFinite, type Parameter } from '../parameters.js';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, PREFIX, type LoraAdapter } from './adapter.js';
import { adaptableParts, adapterOf } from './lora.js';
import { adaptable, type Target } from './targets.js';

/**
 * The adapter of a folder that peft's `save_pretrained` wrote, on the model that it was made for.
 *
 * @param files `adapter_config.json` and `adapter_model.safetensors`
 * @throws HeedError FILE_ACCESS, FILE_INVALID; CONFIG_INVALID for other kinds of adapters; CHECKPOINT_INVALID for tensors of layers that the
 *   model hasn't, SHAPE_MISMATCH, NOT_FINITE; INVALID_ARGUMENT for a model that was loaded as trainable or has an adapter; DISPOSED
 */
export async function loadLora(model: PretrainedModel, files: PretrainedFiles): Promise<LoraAdapter> {
  const parts = adaptableParts(model);
  const json = await readJson(files, ADAPTER_CONFIG);
  if (json === undefined) {
    throw new HeedError('FILE_ACCESS', {
      message: `there is no ${ADAPTER_CONFIG}, but ${Object.keys(files).slice(0, 8).join(', ') || 'nothing'}`,
      hint: 'give the files of a folder that save_pretrained of peft wrote',
    });
  }
  const config = new Config(json, ADAPTER_CONFIG);
  const r = config.size('r');
  const lora_alpha = config.number('lora_alpha');
  const use_rslora = config.flag('use_rslora', false);
  config.refuseUnless(config.text('peft_type') === 'LORA', 'peft_type', '"LORA"');
  config.refuseUnless(config.text('bias', 'none') === 'none', 'bias', '"none"');
  // DoRA and whatever else computes something else with tensors of the same names.
  const others = Object.keys(json).filter((name) => name.startsWith('use_') && name !== 'use_rslora');
  for (const name of [...others, 'lora_bias']) config.refuseUnless(!config.flag(name, false), name, 'false');
  for (const name of ['rank_pattern', 'alpha_pattern']) {
    config.refuseUnless(Object.keys(json[name] ?? {}).length === 0, name, 'one rank and one alpha');
  }
  const stored = await openShard(files, ADAPTER_WEIGHTS);
  const { layers, whole } = sort(parts, stored, r);
  const values = [];
  for (const { target, down, up } of layers)
    values.push({ target, down: await readFinite(down), up: await readFinite(up) });
  const wholes = [];
  for (const { parameter, tensor } of whole) wholes.push({ parameter, values: await readFinite(tensor) });
  const adapter = adapterOf(parts, {
    config: { ...json, r, lora_alpha, use_rslora },
    layers: values,
    whole: wholes.map(({ parameter }) => parameter),
  });
  for (const { parameter, values } of wholes) parameter.assign(values);
  return adapter;
}

interface Sorted {
  readonly layers: readonly { readonly target: Target; readonly down: StoredTensor; readonly up: StoredTensor }[];
  readonly whole: readonly { readonly parameter: Parameter; readonly tensor: StoredTensor }[];
}

/** Tensors of a file by what they are of. */
function sort(parts: ModelParts, stored: StoredTensors, r: number): Sorted {
  const targets = new Map(adaptable(parts).map((target) => [target.weight, target]));
  const parameterOf = (name: string): Parameter | undefined =>
    parts.built.parameters.find(({ name: own }) => [own, parts.nameInFile(own)].includes(name)) ??
    // A model of the body alone, or with a head, of an adapter that was made for the other.
    parts.built.parameters.find(({ name: own }) => name.endsWith(`.${own}`));
  const layers: Sorted['layers'][number][] = [];
  const whole: Sorted['whole'][number][] = [];
  const strange: string[] = [];
  for (const [key, tensor] of stored) {
    const name = key.startsWith(PREFIX) ? key.slice(PREFIX.length) : key;
    const [, module, side] = /^(.*)\.lora_([AB])\.weight$/.exec(name) ?? [];
    const parameter = parameterOf(module === undefined ? name : `${module}.weight`);
    const target = parameter && targets.get(parameter);
    if (parameter !== undefined && module === undefined) {
      checkShape(parameter, tensor);
      whole.push({ parameter, tensor });
      continue;
    }
    const up = side === 'A' ? stored.get(key.replace(/A\.weight$/, 'B.weight')) : undefined;
    if (target === undefined || (side === 'A' && up === undefined)) strange.push(key);
    else if (up !== undefined) {
      checkShape({ name: key, shape: [r, target.inputs] }, tensor);
      checkShape({ name: up.name, shape: [target.outputs, r] }, up);
      layers.push({ target, down: tensor, up });
    } else if (!stored.has(key.replace(/B\.weight$/, 'A.weight'))) strange.push(key);
  }
  if (strange.length === 0 && layers.length > 0) return { layers, whole };
  throw new HeedError('CHECKPOINT_INVALID', {
    message:
      strange.length > 0
        ? `${ADAPTER_WEIGHTS} has ${strange.slice(0, 6).join(', ')}, which the model has no place for`
        : `${ADAPTER_WEIGHTS} adapts no layer`,
    hint: 'the adapter was made for another model, or is of a kind that is not known',
    details: { unexpected: strange },
  });
}
