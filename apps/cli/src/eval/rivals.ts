import { checkName } from '@heed/base';
import type { ConfigOf, RunInfo, TrainingConfig } from '@heed/nn';
import type { Host } from '../host.js';
import type { AnyData, AnyTask } from '../known.js';
import { choosesAttention } from '../attention-in.js';
import { modelTitle, presetOf } from '../model.js';
import { configure } from '../train/configure.js';
import { typed } from '../usage-error.js';

/** A model to train for a comparison. */
export interface Rival {
  readonly title: string;
  readonly model: ConfigOf;
  readonly training: TrainingConfig;
}

/** The model of a run with other first parameters and another order of its examples; the data stay as they are. */
export function again({ model, training }: RunInfo, task: AnyTask, seed: number): Rival {
  return { title: modelTitle(task, model), model: { ...model, seed }, training: { ...training, seed } };
}

/**
 * What a run is compared with: a preset of its task, or its own preset with other attention, trained for as many steps on batches
 * of the same size. 'none' is the task's preset without attention, or the run's own model with its attention left out.
 *
 * @throws UsageError for a name that is neither
 */
export function rival(
  host: Host,
  task: AnyTask,
  { model, training }: RunInfo,
  data: AnyData,
  name: string,
  seed: number,
): Rival {
  const own = presetOf(task, model);
  const { steps, batchSize } = training;
  const isOpen = choosesAttention(model);
  const chosen =
    name === 'none' && !isOpen && task.plain !== undefined
      ? { preset: task.plain }
      : Object.hasOwn(task.presets, name) && !(name === 'none' && isOpen)
        ? { preset: name }
        : { preset: own, attention: name };
  if (chosen.attention !== undefined && !isOpen) {
    typed(() => checkName('preset', name, [...Object.keys(task.presets), 'none']));
  }
  const preset = configure(task, { ...chosen, steps, batchSize }, host);
  return {
    title: preset.title,
    model: task.configure(preset, data, seed),
    training: { ...preset.training, evaluateEvery: training.evaluateEvery, seed },
  };
}
