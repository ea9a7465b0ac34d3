import { createRun, holdsRun, readRunInfo, resumeRun, type LockHolder, type Run, type RunInfo } from '@heed/nn';
import { assertKnownParts } from '../config/names-in-run.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Host, Output } from '../host.js';
import { duration } from '../io/progress.js';
import { shellQuote } from '../io/shell-quote.js';
import { figuresInWords } from '../figures.js';
import { modelTitle } from '../model.js';
import { networksFor, taskNamed, type AnyTask } from '../known.js';
import { runPath } from '../run-path.js';
import { configure, contradictions } from '../train/configure.js';
import { UsageError } from '../usage-error.js';
import type { TrainFlags } from './train-command.js';

export async function train(host: Host, taskName: string, flags: TrainFlags): Promise<ExitCode> {
  const { output } = host;
  const path = runPath(taskName, flags);
  const folder = await host.runFolder(path);
  if (flags.resume) await assertKnownParts(folder, host);
  const task = taskNamed(taskName, host);
  if (flags.resume && flags.overwrite) throw new UsageError('--resume and --overwrite exclude one another');
  const configured = configure(task, flags, host);
  const networks = networksFor(task, host);
  const held = await holdsRun(folder);
  if (held) {
    // Refused before the data are loaded; the run locks its folder itself, for as long as it lives.
    const lock = await folder.lock?.();
    lock?.release();
    tellTakenOver(output, path, lock?.takenOver);
  }
  if (held && !flags.resume && !flags.overwrite) {
    throw new UsageError(
      `${path} holds a run already`,
      '--resume goes on with it, --overwrite replaces it, --out FOLDER trains elsewhere',
    );
  }
  const earlier = held && flags.resume ? await readRunInfo(folder, { networks }) : undefined;
  const wrong = earlier === undefined ? [] : contradictions(task, flags, earlier);
  if (wrong.length > 0) {
    throw new UsageError(
      `the run in ${path} was made with ${wrong.join(', ')}`,
      'leave these flags out, or train into another --out folder',
    );
  }
  if (flags.resume && !held) output.note(`no run in ${path} yet: starting one`);

  // It registers the gradients of TensorFlow.js's own ops.
  await import('@tensorflow/tfjs');
  const backend = await host.backends.use(flags);
  const run = earlier === undefined ? await start() : await resume(earlier);
  try {
    tellTakenOver(output, path, run.takenOver);
    const resumed = earlier !== undefined;
    return await work(host, run, {
      folder: path,
      task,
      backend: backend.name,
      resumed,
      flags,
    });
  } finally {
    run.dispose();
    await backend.dispose();
  }

  async function start(): Promise<Run> {
    const seed = flags.seed ?? 1;
    const data = await task.load({ seed, files: host.packageFiles });
    return createRun(folder, {
      task: taskName,
      dataVersion: data.version,
      dataOptions: data.options,
      model: task.configure(configured, data, seed),
      training: { ...configured.training, seed },
      networks,
      examples: data,
      overwrite: flags.overwrite === true,
    });
  }

  async function resume({ dataOptions }: RunInfo): Promise<Run> {
    const data = await task.load({ ...(dataOptions as { seed: number }), files: host.packageFiles });
    return resumeRun(folder, {
      dataVersion: data.version,
      networks,
      examples: data,
      ...(flags.steps !== undefined && { steps: flags.steps }),
    });
  }
}

function tellTakenOver(output: Output, path: string, holder: LockHolder | undefined): void {
  if (holder === undefined) return;
  const since = new Date(holder.since).toLocaleString('sv'); // 2026-11-30 14:05:00
  output.note(
    `${path} was in use by process ${holder.pid} since ${since}, which has ended without a word: taking it over`,
  );
}

interface Work {
  readonly folder: string;
  readonly task: AnyTask;
  readonly backend: string;
  readonly resumed: boolean;
  readonly flags: Pick<TrainFlags, 'maxTime' | 'browser'>;
}

async function work(host: Host, run: Run, about: Work): Promise<ExitCode> {
  const interrupt = host.interruptible('stopping after this step; once more ends it at once');
  try {
    return await trainUntil(interrupt.signal, host, run, about);
  } finally {
    interrupt.release();
  }
}

async function trainUntil(
  signal: AbortSignal,
  { output, brought }: Host,
  run: Run,
  { folder, task, backend, resumed, flags }: Work,
): Promise<ExitCode> {
  const { maxTime: maxSeconds, browser } = flags;
  const { model, training, progress } = run.info();
  const parameters = run.model.parameterCount;
  output.event({
    event: 'start',
    run: folder,
    task: task.name,
    backend,
    resumed,
    step: progress.step,
    steps: training.steps,
    seed: model.seed,
    parameters,
  });
  output.note(
    `${resumed ? `going on at step ${progress.step} of` : 'training'} ${folder}: ${modelTitle(task, model)}, ` +
      `${parameters.toLocaleString('en')} parameters, seed ${model.seed}, ${training.steps} steps, backend ${backend}`,
  );

  const started = performance.now();
  let lastEvent = -Infinity;
  const outcome = await run.train({
    signal,
    ...(maxSeconds !== undefined && { maxSeconds }),
    onProgress: (p) => {
      const elapsed = (performance.now() - started) / 1000;
      const secondsLeft = Math.min(p.secondsLeft, maxSeconds === undefined ? Infinity : maxSeconds - elapsed);
      output.progress({
        done: p.step,
        total: p.steps,
        unit: 'step',
        notes: [`loss ${p.loss.toFixed(3)}`, `${Math.round(p.examplesPerSecond)} ${task.unit}/s`],
        secondsLeft,
      });
      if (performance.now() - lastEvent < EVENT_INTERVAL && p.step < p.steps) return;
      lastEvent = performance.now();
      output.event({ event: 'progress', ...p, secondsLeft });
    },
    onEvaluation: (e) => {
      output.event({ event: 'evaluation', ...e });
      output.note(
        `step ${e.step}: training loss ${e.trainingLoss.toFixed(3)}, on validation ${task.unit} ` +
          `${figuresInWords(e.figures)}${e.isBest ? ' (best so far)' : ''}`,
      );
    },
    onSaved: ({ step }) => output.event({ event: 'saved', step }),
  });
  output.endProgress();

  const { reason, step, best, seconds } = outcome;
  // On another backend it would go on as well, but not to the same bits.
  const where = browser === undefined ? backend : `${backend} --browser ${shellQuote(browser)}`;
  const resume = `heed ${configTyped(brought)}train ${task.name} --out ${shellQuote(folder)} --backend ${where} --resume`;
  if (reason === 'aborted') {
    output.event({ event: 'interrupted', run: folder, step, resume });
    output.note(`saved at step ${step}; go on with: ${resume}`);
    return EXIT.interrupted;
  }
  output.event({ event: 'done', run: folder, reason, step, best: best ?? null, seconds });
  output.print(`${output.paint.bold(folder)}: ${REASONS[reason]} at step ${step} after ${duration(seconds)}`);
  if (reason === 'max-seconds') output.note(`go on with: ${resume}`);
  const heed = `heed ${configTyped(brought)}`;
  output.note(`next: ${heed}eval ${shellQuote(folder)}, or ${heed}run ${shellQuote(folder)} --interactive`);
  return EXIT.ok;
}

/** '--config FILE ', for commands to type, where it was typed. */
const configTyped = ({ file }: Host['brought']): string =>
  file?.isNamed === true ? `--config ${shellQuote(file.shown)} ` : '';

// Milliseconds between progress events: enough to draw a curve, not a flood.
const EVENT_INTERVAL = 1000;

const REASONS = {
  finished: 'finished',
  'early-stop': 'stopped early, validation no longer improving,',
  'max-steps': 'stopped',
  'max-seconds': 'out of time',
} as const;
