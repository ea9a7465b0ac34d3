import { HeedError } from '@heed/base';
import { createRun, holdsRun, openRun, resumeRun, type ModelOf, type RunInfo } from '@heed/nn';
import type { Host } from '../host.js';
import { networksFor, type AnyData, type AnyTask } from '../known.js';
import type { Rival } from './rivals.js';

/** Where a rival is trained, and on what. */
export interface Training {
  readonly task: AnyTask;
  readonly data: AnyData;
  readonly info: RunInfo;
  /** Folder of the rival's own run. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/**
 * The rival, trained to its end: in a folder of its own, where it goes on if it was interrupted, and isn't trained again when it is
 * there already.
 *
 * @returns undefined where the signal stopped it; it goes on from there
 */
export async function trainRival(
  host: Host,
  { title, model, training }: Rival,
  { task, data, info, folder: path, signal }: Training,
): Promise<ModelOf | undefined> {
  const networks = networksFor(task, host);
  const folder = await host.runFolder(path);
  const held = await holdsRun(folder);
  const run = held
    ? await resumeRun(folder, { dataVersion: info.dataVersion, networks, examples: data })
    : await createRun(folder, {
        task: info.task,
        dataVersion: info.dataVersion,
        dataOptions: info.dataOptions,
        model,
        training,
        networks,
        examples: data,
      });
  try {
    assertSame(run.info(), { title, model, training }, path);
    const { reason } = await run.train({
      signal,
      onProgress: ({ step, steps, loss, secondsLeft }) =>
        host.output.progress({
          done: step,
          total: steps,
          unit: `${title}, seed ${training.seed}: step`,
          notes: [`loss ${loss.toFixed(3)}`],
          secondsLeft,
        }),
    });
    host.output.endProgress();
    if (reason === 'aborted') return undefined;
  } finally {
    run.dispose();
  }
  return (await openRun(folder, { networks })).model;
}

/** A run of before, of other settings, isn't what was asked for. */
function assertSame(found: RunInfo, { model, training }: Rival, path: string): void {
  if (sorted(found.model) === sorted(model) && sorted(found.training) === sorted(training)) return;
  throw new HeedError('CHECKPOINT_INVALID', {
    message: `${path} holds a run of other settings than this comparison's`,
    hint: 'remove that folder, or compare into another --out folder',
    details: { folder: path },
  });
}

/** JSON that is the same whatever the order of the keys. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
