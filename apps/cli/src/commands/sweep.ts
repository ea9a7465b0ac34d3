import { availableParallelism } from 'node:os';
import { basename, extname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HeedError } from '@heed/core';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { seconds } from '../flag-values.js';
import { figuresInWords, shareOrNumber } from '../figures.js';
import type { Host } from '../host.js';
import { onceMore } from '../jobs/once-more.js';
import { describeError } from '../io/errors.js';
import { duration } from '../io/progress.js';
import { drive } from '../sweep/drive.js';
import type { Sweep } from '../sweep/definition.js';
import type { JobQueue, QueueCounts } from '../queue/job-queue.js';
import { openQueue } from '../queue/open-queue.js';
import { checkQueueFlags } from '../queue/queue-flags.js';
import { planOf, type Job, type Plan } from '../sweep/plan.js';
import { readSweep } from '../sweep/read-sweep.js';
import { reportPage } from '../sweep/report.js';
import { shareOf } from '../sweep/share.js';
import type { Outcome } from '../sweep/stage.js';
import { statusOf, type Status } from '../sweep/status.js';
import { Store } from '../sweep/store.js';
import { standings, stoppedOf, type Finished, type Standing } from '../sweep/summary.js';
import { TRAININGS, type Training } from '../sweep/training.js';
import { settingsInWords, standingsTable } from '../sweep/words.js';
import type { SweepFlags } from './sweep-command.js';

/** Trainings at a time when nobody says how many. */
const WORKERS = availableParallelism();

export async function sweep(host: Host, file: string, flags: SweepFlags): Promise<ExitCode> {
  checkQueueFlags(flags);
  try {
    const sweep = await readSweep(file);
    const share = shareOf(flags, sweep);
    const plan = await planOf(host, file, sweep);
    return await trainOrTell(host, file, { sweep, plan, jobs: share(plan.jobs), flags });
  } catch (error) {
    if (!HeedError.isInstance(error, 'CONFIG_INVALID')) throw error;
    // A file that somebody wrote for this command, as flags are: what is wrong with it is a mistake of the same kind.
    host.output.error({ ...describeError(error), exit: EXIT.usage });
    return EXIT.usage;
  }
}

async function trainOrTell(
  host: Host,
  file: string,
  { sweep, plan, jobs, flags }: Omit<Work, 'store' | 'queue'>,
): Promise<ExitCode> {
  const { output } = host;
  const store = await Store.at(flags.out ?? join('sweeps', basename(file, extname(file))));
  if (flags.status) return watchOrTell(host, { sweep, plan, store, jobs, flags });
  await store.open(plan);
  output.event({ event: 'start', sweep: store.path, task: plan.task, data: plan.data, jobs: jobs.length });
  const queue = await openQueue(host, flags, TRAININGS);
  const outcome = await work(host, { sweep, plan, store, jobs, flags, queue }).finally(() => queue?.close());
  const found = standings(plan, outcome.finished);
  tell(host, plan, found);
  if (flags.report !== undefined) {
    await host.writeFile(flags.report, reportPage(plan, found, jobs.length));
    output.event({ event: 'written', report: flags.report });
    output.note(`written: ${flags.report}`);
  }
  output.event({ event: 'done', finished: outcome.finished.length, failed: outcome.failed, whole: outcome.isWhole });
  if (outcome.wasInterrupted) return EXIT.interrupted;
  return outcome.failed > 0 ? EXIT.failure : EXIT.ok;
}

/** Where it stands; again and again, with --watch, until all is trained. */
async function watchOrTell(host: Host, { sweep, plan, store, jobs, flags }: Omit<Work, 'queue'>): Promise<ExitCode> {
  const { output } = host;
  const queue = await openQueue(host, flags, TRAININGS);
  const interrupt = host.interruptible('no longer watching; what is trained goes on');
  try {
    for (;;) {
      const counts = await queue?.counts();
      const workers = Math.max(1, counts?.workers ?? flags.workers ?? WORKERS);
      const status = await statusOf(plan, store, jobs, sweep, workers);
      if (flags.watch && !output.json && process.stdout.isTTY) console.clear();
      tellStatus(host, plan, status);
      if (counts !== undefined) tellQueue(host, counts);
      if (!flags.watch || status.counts.done === status.counts.total || interrupt.signal.aborted) break;
      await pause(WATCHED, undefined, { signal: interrupt.signal }).catch(() => undefined);
      if (interrupt.signal.aborted) break;
    }
    output.event({ event: 'done' });
    return EXIT.ok;
  } finally {
    interrupt.release();
    await queue?.close();
  }
}

// Milliseconds from look to look.
const WATCHED = 2000;

interface Work {
  readonly sweep: Sweep;
  readonly plan: Plan;
  readonly store: Store;
  readonly jobs: readonly Job[];
  readonly flags: SweepFlags;
  /** Where others train; this machine's processes do without. */
  readonly queue: JobQueue<Training> | undefined;
}

/** Trains until all is done, the budget is used up, or Ctrl-C. */
async function work(
  host: Host,
  { sweep, plan, store, jobs, flags, queue }: Work,
): Promise<Outcome & { readonly wasInterrupted: boolean }> {
  const { output } = host;
  const { budget } = sweep;
  const most = flags.maxTime ?? (budget?.time === undefined ? undefined : seconds(budget.time));
  const interrupt = host.interruptible(
    queue === undefined ? SAVING : 'the workers go on; the same command takes up what they have',
  );
  const signals = [interrupt.signal, ...(most === undefined ? [] : [AbortSignal.timeout(most * 1000)])];
  let best: Standing | undefined;
  const finished: Finished[] = [];
  try {
    const outcome = await drive({
      plan,
      store,
      jobs,
      sweep,
      // A queue is given all that there is.
      workers: queue === undefined ? (flags.workers ?? WORKERS) : Infinity,
      most: budget?.jobs ?? Infinity,
      execute: queue?.execute ?? onceMore((training, how) => TRAININGS.perform(host, training, how)),
      signal: AbortSignal.any(signals),
      onFinished(one, isNew) {
        finished.push(one);
        [best] = standings(plan, finished);
        if (isNew) tellFinished(host, plan, one);
      },
      onFailed(job, { code, message, hint }) {
        const told = `${jobInWords(plan, job)}: ${message}`;
        output.error({ code, message: told, ...(hint !== undefined && { hint }), exit: EXIT.failure });
      },
      onProgress: ({ done, total, underWay }) =>
        output.progress({
          done,
          total,
          unit: 'training',
          notes: [
            ...(best?.target === undefined ? [] : [`best ${shareOrNumber(plan.target.figure)(best.target.mean)}`]),
            `${underWay} under way`,
          ],
        }),
    });
    output.endProgress();
    if (!outcome.isWhole) output.note('not all is trained; the same command goes on');
    if (!outcome.isWhole && !interrupt.signal.aborted) await queue?.withdraw();
    return { ...outcome, wasInterrupted: interrupt.signal.aborted };
  } finally {
    interrupt.release();
  }
}

const SAVING = 'saving what is being trained; once more ends it at once';

const jobInWords = ({ varied }: Plan, { settings, seed }: Job): string =>
  `${settingsInWords(settings, varied)}, seed ${seed}`;

function tellFinished({ output }: Host, plan: Plan, { job, result }: Finished): void {
  const { id, settings, seed } = job;
  const { best } = result;
  output.endProgress();
  const { steps, stopped = false } = result;
  output.event({ event: 'job', id, settings, seed, steps, stopped, best });
  const told = best === null ? 'no validation' : figuresInWords({ error: best.error, ...best.figures });
  output.note(`${jobInWords(plan, job)}: ${told}${stopped ? `, stopped at step ${steps}` : ''}`);
}

function tell({ output }: Host, plan: Plan, found: readonly Standing[]): void {
  for (const [rank, { settings, seeds, target, figures, finished }] of found.entries()) {
    const stopped = stoppedOf(finished);
    output.event({ event: 'settings', rank: rank + 1, settings, seeds, target: target ?? null, figures, stopped });
  }
  if (found.length > 0) output.print(standingsTable(plan, found));
}

function tellStatus({ output }: Host, plan: Plan, { counts, found, secondsTaken, secondsLeft }: Status): void {
  output.event({ event: 'status', ...counts, secondsTaken, secondsLeft: secondsLeft ?? null });
  const { done, underWay, total } = counts;
  const left = secondsLeft === undefined ? '' : `, about ${duration(secondsLeft)} left`;
  output.print(`${done} of ${total} trained, ${underWay} begun; ${duration(secondsTaken)} of training so far${left}`);
  tell({ output } as Host, plan, found);
}

function tellQueue({ output }: Host, { waiting, underWay, workers }: QueueCounts): void {
  output.event({ event: 'queue', waiting, underWay, workers });
  output.print(`in the queue: ${waiting} waiting, ${underWay} under way, ${workers} workers`);
}
