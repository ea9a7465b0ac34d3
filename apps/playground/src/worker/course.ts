import { definitionOf } from '@heed/attention';
import { presets, type AttentionChoice, type recurrent } from '@heed/networks';
import type { Network, RunDescription, TrainingConfig } from '@heed/nn';
import { g2p, type Preset } from '@heed/tasks';
import type { TrainSettings, WordsSettings } from '../engine/jobs.js';
import { readOwn, type AnyData, type AnyTask } from './own-data.js';

/** What is learnt: a task with its data, and the model and training that the settings choose. */
export interface Course {
  readonly task: AnyTask;
  readonly data: AnyData;
  readonly run: RunDescription;
}

// Number of evaluations, enough for a curve, and of examples for each, few enough to take a second.
const EVALUATIONS = 20;
const VALIDATION_EXAMPLES = 200;
const HEADS = 4;

/**
 * What the settings of a training mean.
 *
 * @param files somebody's own files; none for the page's own words
 * @param share gets the share of the files that has been read
 * @throws HeedError for files or settings that can't be used
 */
export async function courseOf(
  settings: TrainSettings,
  files: readonly File[],
  share: (done: number) => void,
): Promise<Course> {
  if (settings.kind === 'words') {
    const task: AnyTask = g2p;
    return course(task, await task.load({ seed: settings.seed }), decoder(settings), settings, {});
  }
  const { task, data } = await readOwn(settings.task, files, settings.data, settings.seed, share);
  return course(task, data, task.presets[settings.preset], settings, { data: files.map(({ name }) => name) });
}

function course(
  task: AnyTask,
  data: AnyData,
  preset: Preset<Network>,
  { seed, steps, batchSize, learningRate }: TrainSettings,
  files: Readonly<Record<string, readonly string[]>>,
): Course {
  const training: TrainingConfig = {
    ...preset.training,
    seed,
    steps,
    batchSize,
    learningRate,
    evaluateEvery: Math.max(1, Math.round(steps / EVALUATIONS)),
    validationExamples: VALIDATION_EXAMPLES,
  };
  return {
    task,
    data,
    run: {
      task: task.name,
      dataVersion: data.version,
      dataOptions: { ...data.options, ...files },
      model: task.configure(preset, data, seed),
      training,
    },
  };
}

/** The decoder that the reader has put together. */
function decoder({ architecture, units, attention }: WordsSettings): Preset<typeof recurrent> {
  const { model, training } = presets.small;
  return {
    title: attention,
    training,
    model: {
      ...model,
      architecture,
      output: architecture === 'bahdanau' ? 'maxout' : 'tanh',
      encoderUnits: units / 2,
      decoderUnits: units,
      outputUnits: units,
      attention: {
        kind: attention,
        ...definitionOf('train', { kind: attention }).suggest?.({ width: units, heads: HEADS }),
      } as AttentionChoice,
    },
  };
}
