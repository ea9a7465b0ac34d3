import type { AttendFlags } from '../commands/attend-command.js';
import type { TrainFlags } from '../commands/train-command.js';
import { kebab } from '../flag-names.js';
import type { Host } from '../host.js';
import { runPath } from '../run-path.js';
import { UsageError } from '../usage-error.js';
import { namesInRun, type NamesInRun } from './names-in-run.js';

/** The flags by which a command comes to a mechanism, or to a run that has one. */
export type NamingFlags = Partial<Pick<TrainFlags, 'attention' | 'out' | 'resume'> & Pick<AttendFlags, 'mechanism'>>;

/**
 * Commands of some backends run in a page, which functions of this process can't be sent to.
 *
 * @param first the first argument of the command: a task or the folder of a run, where it has one
 * @throws UsageError when a command line names something that a configuration file brought
 */
export async function assertReachable(host: Host, backend: string, first: unknown, flags: NamingFlags): Promise<void> {
  const { file, ...brought } = host.brought;
  if (file === undefined) return;
  const what = typeof first === 'string' ? first : undefined;
  const runs: NamesInRun[] = [];
  for (const path of [what, flags.resume === true && what !== undefined && runPath(what, flags)]) {
    if (typeof path === 'string') runs.push(await namesInRun(await host.runFolder(path)));
  }
  const named = {
    task: [what, ...runs.map(({ task }) => task)],
    network: runs.map(({ network }) => network),
    mechanism: [flags.attention, flags.mechanism, ...runs.map(({ attention }) => attention)].map(
      (kind) => kind && kebab(kind),
    ),
  };
  const known = {
    task: brought.tasks.map(({ name }) => name),
    // Tasks of others come with their networks, so no more are to be asked for here.
    network: brought.networks.map(({ kind }) => kind),
    mechanism: brought.mechanisms.map(({ kind }) => kebab(kind)),
  };
  for (const kind of Object.keys(named) as (keyof typeof named)[]) {
    const found = named[kind].find((name) => name !== undefined && known[kind].includes(name));
    if (found === undefined) continue;
    throw new UsageError(
      `the ${kind} ${found} is of ${file.shown}, which runs in this process, and ${backend} runs in a page`,
      `choose a backend that needs no browser: ${host.backends.here.join(', ')}`,
    );
  }
}
