import * as tf from '@tensorflow/tfjs-core';
import { HeedError, firstNotFinite } from '@heed/base';
import { seed, type ParameterTable } from '@heed/nn';
import * as v from 'valibot';
import type { LoraAdapter } from '../lora/adapter.js';
import { loadLora } from '../lora/load-lora.js';
import { lora } from '../lora/lora.js';
import type { CopyOptions, PretrainedModel } from '../model.js';

/** Settings that all configurations of pretrained models which are trained on have. */
export const tunedSettings = {
  seed,
  /** Rank of an adapter; 0 where all parameters are trained. */
  lora: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4096)),
};

/** What a folder is made of, by the names of its files. */
type Files = Record<string, Uint8Array>;

/** A pretrained model that is trained on: all of it, or an adapter. */
export interface Tuned {
  readonly pretrained: PretrainedModel;
  /** What is trained. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly parameterCount: number;
  /**
   * Files of the model as it was trained, an adapter being a part of the weights; and of the adapter alone, where there is one.
   *
   * @throws HeedError DISPOSED
   */
  save(): Promise<{ readonly model: Files; readonly adapter?: Files }>;
  dispose(): void;
}

interface TuneOptions extends Omit<CopyOptions, 'trainable'> {
  readonly lora: number;
  /** Modules that are trained as a whole beside an adapter. */
  readonly whole?: readonly string[];
}

/**
 * A copy of a model to be trained on.
 *
 * @param given values of everything that is trained; those of the model, and of a new adapter, by default
 * @throws HeedError CHECKPOINT_INVALID, SHAPE_MISMATCH, NOT_FINITE for what is given; INVALID_ARGUMENT, DISPOSED
 */
export function tune(
  base: PretrainedModel,
  { lora: r, whole = [], ...head }: TuneOptions,
  given?: ParameterTable,
): Tuned {
  const pretrained = base.copy({ ...head, trainable: r === 0 });
  let adapter: LoraAdapter | undefined;
  const dispose = (): void => {
    pretrained.dispose();
    adapter?.dispose();
  };
  try {
    if (r > 0) {
      const modulesToSave = whole.filter((name) =>
        Object.keys(pretrained.parameters).some((key) => key.startsWith(`${name}.`)),
      );
      // Twice the rank, as is usual: α/r stays the same whatever the rank.
      adapter = lora(pretrained, {
        r,
        alpha: 2 * r,
        modulesToSave,
        ...(head.seed !== undefined && { seed: head.seed }),
      });
    }
    const parameters = adapter?.parameters ?? variablesOf(pretrained);
    if (given !== undefined) assign(parameters, given);
    return {
      pretrained,
      parameters,
      parameterCount: Object.values(parameters).reduce((sum, { size }) => sum + size, 0),
      dispose,
      async save() {
        if (adapter === undefined) return { model: await pretrained.save() };
        const files = await adapter.save();
        const merged = base.copy(head);
        try {
          (await loadLora(merged, files)).merge();
          return { model: await merged.save(), adapter: files };
        } finally {
          merged.dispose();
        }
      },
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

const variablesOf = (model: PretrainedModel): Record<string, tf.Variable> =>
  Object.fromEntries(
    Object.entries(model.parameters).flatMap(([name, tensor]) =>
      tensor instanceof tf.Variable ? [[name, tensor]] : [],
    ),
  );

function assign(parameters: Readonly<Record<string, tf.Variable>>, given: ParameterTable): void {
  const [missing, unknown] = [
    Object.keys(parameters).filter((key) => !Object.hasOwn(given, key)),
    Object.keys(given).filter((key) => !Object.hasOwn(parameters, key)),
  ];
  if (missing.length + unknown.length > 0) {
    throw new HeedError('CHECKPOINT_INVALID', {
      message: `parameters ${[...missing, ...unknown].slice(0, 6).join(', ')} are of one model only`,
      hint: 'the pretrained folder is not the one that the training began with',
      details: { missing, unknown },
    });
  }
  for (const [key, variable] of Object.entries(parameters)) {
    const { shape, data } = given[key]!;
    if (shape.join() !== variable.shape.join()) {
      throw new HeedError('SHAPE_MISMATCH', {
        message: `parameter ${key} is [${shape}], and [${variable.shape}] in the pretrained folder`,
        hint: 'the pretrained folder is not the one that the training began with',
        details: { key, shape, expected: variable.shape },
      });
    }
    if (firstNotFinite(data) >= 0) {
      throw new HeedError('NOT_FINITE', { message: `parameter ${key} has numbers that are not finite` });
    }
    // A copy: an engine may keep the array that a tensor is made of.
    tf.tidy(() => variable.assign(tf.tensor(data.slice(), variable.shape, 'float32')));
  }
}
