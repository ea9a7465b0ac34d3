import { HeedError } from '@heed/core';
import { decodeSafetensors, encodeSafetensors } from '@heed/formats';
import * as v from 'valibot';
import type { Arrays } from '../training/adam.js';
import {
  configOf,
  fileMetadata,
  float32Tensors,
  parseMetadata,
  withPresentKeys,
  withShapes,
  type DecodeModelOptions,
} from './model-file.js';
import { checkValues, type ParameterTable } from '../layers/parameters.js';
import { findNetwork, type ModelOf } from '../training/networks.js';
import type { Network, Trainable } from '../training/trainable.js';
import type { TrainerState } from '../training/trainer-state.js';

const finite = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const evaluationSchema = v.strictObject({
  step: count,
  trainingLoss: v.pipe(v.number(), v.finite()),
  error: finite,
  figures: v.pipe(
    v.record(v.pipe(v.string(), v.maxLength(100)), finite),
    v.check((all) => Object.keys(all).length <= 100),
  ),
});

const countersSchema = v.strictObject({
  step: count,
  best: v.nullable(evaluationSchema),
  evaluations: v.array(evaluationSchema),
  lossSum: v.pipe(v.number(), v.finite()),
  lossSteps: count,
});

/** The groups of tensors in the file, by the beginning of their names. */
const GROUPS = ['parameters/', 'mean/', 'square/', 'best/'] as const;

/**
 * All that a run needs to continue, as one safetensors file: one rename makes it the newest, so there is no moment at which
 * parts of two states lie side by side.
 */
export function encodeTraining(model: Trainable, state: TrainerState): Uint8Array {
  const { step, evaluations, lossSum, lossSteps, best } = state;
  const counters = { step, best: best?.evaluation ?? null, evaluations, lossSum, lossSteps };
  return encodeSafetensors(
    {
      ...withShapes(model, state.parameters, 'parameters/'),
      ...withShapes(model, state.slots.mean, 'mean/'),
      ...withShapes(model, state.slots.square, 'square/'),
      ...(best && withShapes(model, best.parameters, 'best/')),
    },
    { ...fileMetadata('training', model.config), counters: JSON.stringify(counters) },
  );
}

/**
 * The model of the file, with the newest parameters, and the trainer's state. Nothing in the file is trusted.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE, CHECKPOINT_INVALID, CONFIG_INVALID, SHAPE_MISMATCH, NOT_FINITE
 */
export function decodeTraining<N extends Network>(
  bytes: Uint8Array,
  { networks, ...limits }: DecodeModelOptions<N>,
): { model: ModelOf<N>; state: TrainerState } {
  const file = decodeSafetensors(bytes, limits);
  const config = configOf('training', file, networks);
  const counters = v.safeParse(countersSchema, parseMetadata('counters', file.metadata), { abortEarly: true });
  if (!counters.success) {
    const [issue] = counters.issues;
    throw new HeedError('CHECKPOINT_INVALID', {
      message: `training state: '${v.getDotPath(issue) ?? ''}' is wrong: ${issue.message.slice(0, 200)}`,
    });
  }
  const network = findNetwork(config, networks);
  const groups = grouped(float32Tensors('training state', file), network);
  const model = network.create(config, groups['parameters/']) as ModelOf<N>;
  try {
    const { best: evaluation, ...rest } = counters.output;
    const parameters = arraysLike(model, groups['parameters/']);
    const slots = { mean: arraysLike(model, groups['mean/']), square: arraysLike(model, groups['square/']) };
    checkSquares(slots.square);
    if (evaluation === null) {
      if (Object.keys(groups['best/']).length > 0) throw invalid('it has best parameters without their evaluation');
      return { model, state: { ...rest, parameters, slots } };
    }
    return {
      model,
      state: { ...rest, parameters, slots, best: { evaluation, parameters: arraysLike(model, groups['best/']) } },
    };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

type Groups = Record<(typeof GROUPS)[number], ParameterTable>;

function grouped(tensors: ParameterTable, network: Network): Groups {
  const groups = Object.fromEntries(GROUPS.map((group) => [group, Object.create(null) as object])) as Groups;
  for (const [name, values] of Object.entries(tensors)) {
    const group = GROUPS.find((prefix) => name.startsWith(prefix));
    if (group === undefined) throw invalid(`tensor ${JSON.stringify(name.slice(0, 80))} belongs to no part of it`);
    (groups[group] as Record<string, unknown>)[name.slice(group.length)] = values;
  }
  for (const group of GROUPS) groups[group] = withPresentKeys(network, groups[group]);
  return groups;
}

function arraysLike({ parameters }: Trainable, table: ParameterTable): Arrays {
  const unknown = Object.keys(table).find((key) => !Object.hasOwn(parameters, key));
  if (unknown !== undefined) throw invalid(`${JSON.stringify(unknown.slice(0, 80))} is not a parameter of the model`);
  return Object.fromEntries(
    Object.entries(parameters).map(([key, { shape }]) => {
      const values = table[key];
      if (values === undefined) throw invalid(`'${key}' [${shape}] is missing`);
      checkValues(key, values, shape);
      return [key, values.data];
    }),
  );
}

/** A mean of squares below 0 would put NaN into the parameters at the next step. */
function checkSquares(square: Arrays): void {
  for (const [key, values] of Object.entries(square)) {
    if (values.some((value) => value < 0)) throw invalid(`the mean square of '${key}' is negative`);
  }
}

const invalid = (message: string): HeedError =>
  new HeedError('CHECKPOINT_INVALID', { message: `training state: ${message}`, hint: 'the file is damaged' });
