import { HeedError } from '@heed/core';
import { tasks, type Dataset, type Example, type Task } from '@heed/datasets';
import { openRun, type Hypothesis, type RunInfo, type Seq2Seq } from '@heed/seq2seq';
import type { Host } from './host.js';

export interface OpenModel {
  readonly model: Seq2Seq;
  readonly info: RunInfo;
  readonly task: Task;
}

/** The model of a run and the task it was trained for. */
export async function openModel(host: Host, folder: string): Promise<OpenModel> {
  const { model, info } = await openRun(await host.runFolder(folder));
  if (!Object.hasOwn(tasks, info.task)) {
    throw new HeedError('CHECKPOINT_INVALID', {
      message: `the run in ${folder} is of task ${JSON.stringify(info.task)}, which this version doesn't know`,
    });
  }
  return { model, info, task: tasks[info.task]! };
}

/**
 * The data that a run was trained on, so that its test split is what the model never saw.
 *
 * @throws HeedError CHECKPOINT_INVALID when the installed data are another version
 */
export async function dataOf({ task, info }: OpenModel): Promise<Dataset> {
  const data = await task.load(info.dataOptions as { seed: number });
  if (data.version !== info.dataVersion) {
    throw new HeedError('CHECKPOINT_INVALID', {
      message: `the run was trained on ${info.dataVersion}, installed is ${data.version}`,
      hint: 'words it has seen may be among its test words now; train again, or install that version',
    });
  }
  return data;
}

/** The best hypothesis of each source, and those beside it. */
export async function decode(model: Seq2Seq, sources: readonly string[][], width: number): Promise<Hypothesis[][]> {
  if (width === 1) return (await model.greedy(sources)).map((hypothesis) => [hypothesis]);
  return model.beam(sources, { width, nBest: width });
}

export const isRight = ({ targets }: Example, { output }: Hypothesis): boolean =>
  targets.some((target) => target.join(' ') === output.join(' '));
