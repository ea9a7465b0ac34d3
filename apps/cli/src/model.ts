import { HeedError, nameHint } from '@heed/base';
import { NETWORKS, type KnownNetwork } from '@heed/networks';
import { holdsRun, openRun, type ConfigOf, type ModelOf, type RunInfo } from '@heed/nn';
import { tasks, type DataOf, type Task } from '@heed/tasks';
import type { Host } from './host.js';
import { ENCODER } from './encoder.js';
import { kebab } from './flag-names.js';
import { UsageError } from './usage-error.js';

export interface OpenModel {
  readonly model: ModelOf<KnownNetwork>;
  readonly info: RunInfo<KnownNetwork>;
  readonly task: Task;
}

/**
 * The model of a run's folder, or the one that Heed ships for a task, and the task it was trained for.
 *
 * @param others what else may have been meant
 * @throws UsageError for a name that is neither; HeedError when the folder holds no run that can be used
 */
export async function openModel(host: Host, runOrTask: string, others: readonly string[] = []): Promise<OpenModel> {
  const folder = await host.runFolder((await host.shippedModel(runOrTask)) ?? runOrTask);
  if (!(await holdsRun(folder))) assertPath(runOrTask, others);
  const { model, info } = await openRun(folder, { networks: NETWORKS });
  if (!Object.hasOwn(tasks, info.task)) {
    model.dispose();
    throw new HeedError('CHECKPOINT_INVALID', {
      message: `the run in ${runOrTask} is of task ${JSON.stringify(info.task)}, which this version doesn't know`,
    });
  }
  return { model, info, task: tasks[info.task] };
}

/** What is a path can hold a run that is broken; a mere name that holds none was to be a task's. */
function assertPath(name: string, others: readonly string[]): void {
  if (name === ENCODER)
    throw new UsageError(`${ENCODER} encodes sentences, and answers nothing`, `heed run ${ENCODER} 'a sentence'`);
  if (!/[\\/]/.test(name))
    throw new UsageError(
      `there is no run and no task ${JSON.stringify(name)}`,
      nameHint(name, [...Object.keys(tasks), ...others]),
    );
}

/**
 * The data that a run was trained on, so that its test split is what the model never saw.
 *
 * @throws HeedError CHECKPOINT_INVALID when the installed data are another version; DATA_MISSING
 */
export async function dataOf(host: Host, { task, info }: OpenModel): Promise<DataOf> {
  const data = await task.load({ ...(info.dataOptions as { seed: number }), files: host.packageFiles });
  if (data.version !== info.dataVersion) {
    throw new HeedError('CHECKPOINT_INVALID', {
      message: `the run was trained on ${info.dataVersion}, installed is ${data.version}`,
      hint: 'what it has seen may be among its test examples now; train again, or install that version',
    });
  }
  return data;
}

/** The preset that a model was made from, its attention aside; undefined when it is another's. */
export function presetOf({ presets }: Task, model: object): string | undefined {
  const has = (key: string, value: unknown): boolean =>
    // Other kinds of attention are put into a preset's model, with the width that they need.
    ['attention', 'decoderUnits'].includes(key) ||
    JSON.stringify((model as Record<string, unknown>)[key]) === JSON.stringify(value);
  const fits = Object.keys(presets).filter((name) =>
    Object.entries(presets[name].model).every(([key, value]) => has(key, value)),
  );
  const exact = fits.find((name) => {
    const { attention } = presets[name].model as { attention?: unknown };
    return JSON.stringify(attention) === JSON.stringify((model as { attention?: unknown }).attention);
  });
  return exact ?? fits[0];
}

/** What a model is, for people: "Bahdanau's additive attention". */
export function modelTitle(task: Task, model: ConfigOf<KnownNetwork>): string {
  const name = presetOf(task, model);
  const preset = name === undefined ? undefined : task.presets[name];
  const attention = 'attention' in model ? (model.attention as { readonly kind?: string }).kind : undefined;
  const own = preset && 'attention' in preset.model ? (preset.model.attention as { kind?: string }).kind : undefined;
  if (preset !== undefined && attention === own) return preset.title;
  if (attention === undefined) return model.kind;
  return attention === 'none' ? 'no attention' : `${kebab(attention)} attention`;
}
