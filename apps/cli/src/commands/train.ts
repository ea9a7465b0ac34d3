import { HeedError, type AttentionBackend } from '@heed/core';
import { formatFigure } from '@heed/models/card';
import { createRun, holdsRun, readRunInfo, resumeRun, type LockHolder, type Run, type RunFolder } from '@heed/nn';
import { reliabilityInWords } from '../calibration/describe.js';
import { assertKnownParts } from '../config/names-in-run.js';
import type { JudgeOptions } from '@heed/tasks';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Host, Output } from '../host.js';
import { duration } from '../io/progress.js';
import { shellQuote } from '../io/shell-quote.js';
import { figuresInWords } from '../figures.js';
import { modelTitle } from '../model.js';
import { networksFor, type AnyData, type AnyTask } from '../known.js';
import { sourceOfFlags, sourceOfRun, taskOfName } from '../own/task-source.js';
import { runPath } from '../run-path.js';
import { calibrateRun } from '../train/calibrate-run.js';
import { CARD_FILE, writeCard } from '../train/card.js';
import { configure, contradictions } from '../train/configure.js';
import { read } from '../train/read-data.js';
import { saveTuned } from '../pretrained/save-tuned.js';
import type { Tuning } from '../pretrained/tuning.js';
import { UsageError } from '../usage-error.js';
import type { TrainFlags } from './train-command.js';

export async function train(host: Host, taskName: string, flags: TrainFlags): Promise<ExitCode> {
  const { output } = host;
  const path = runPath(taskName, flags);
  const folder = await host.runFolder(path);
  const named = flags.resume ? await assertKnownParts(folder, host) : {};
  const from = flags.from ?? named.from;
  if (from === undefined && flags.lora !== undefined)
    throw new UsageError('--lora is of a pretrained model', 'give its folder: --from FOLDER');
  const tuned = from === undefined ? undefined : (await import('../pretrained/tuning.js')).tuning(from, flags.lora);
  const learnt = (task: AnyTask): AnyTask => tuned?.task(task) ?? task;
  const task = learnt(taskOfName(taskName, host));
  if (flags.resume && flags.overwrite) throw new UsageError('--resume and --overwrite exclude one another');
  const configured = configure(task, flags, host);
  const networks = networksFor(task, host);
  // Before anything is locked: what can't be read needs no folder.
  const described = flags.resume && flags.data === undefined ? undefined : await sourceOfFlags(host, taskName, flags);
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
  const source =
    earlier === undefined
      ? (described ?? (await sourceOfFlags(host, taskName, flags)))
      : await sourceOfRun(host, taskName, earlier.dataOptions, flags);

  // It registers the gradients of TensorFlow.js's own ops.
  await import('@tensorflow/tfjs');
  const backend = await host.backends.use(flags);
  await tuned?.load(host);
  const kept = earlier?.dataOptions as { seed: number } | undefined;
  const data = await read(host, source, kept ?? { seed: flags.seed ?? 1 });
  const run = earlier === undefined ? await start() : await resume();
  if (run === undefined) {
    tuned?.dispose();
    await backend.dispose();
    return train(host, taskName, flags);
  }
  try {
    tellTakenOver(output, path, run.takenOver);
    const resumed = earlier !== undefined;
    return await work(host, run, {
      folder,
      task: learnt(source.task),
      tuned,
      data,
      backend: backend.name,
      simd: backend.capabilities.simd,
      resumed,
      flags,
    });
  } finally {
    run.dispose();
    tuned?.dispose();
    await backend.dispose();
  }

  /** Undefined where another process has begun the run since, and ended: then there is something to go on with. */
  async function start(): Promise<Run | undefined> {
    const seed = flags.seed ?? 1;
    try {
      return await createRun(folder, {
        task: taskName,
        dataVersion: data.version,
        dataOptions: { ...data.options, ...source.files, ...(from !== undefined && { from: [from] }) },
        model: task.configure(configured, data, seed),
        training: { ...configured.training, seed },
        networks,
        examples: data,
        overwrite: flags.overwrite === true,
      });
    } catch (error) {
      if (flags.resume && HeedError.isInstance(error, 'INVALID_ARGUMENT') && (await holdsRun(folder))) return undefined;
      throw error;
    }
  }

  async function resume(): Promise<Run> {
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
  readonly folder: RunFolder;
  readonly task: AnyTask;
  /** How a pretrained model is trained on; absent where none is. */
  readonly tuned: Tuning | undefined;
  readonly data: AnyData;
  readonly backend: string;
  /** Build of the backend's kernels: each rounds in its own way. */
  readonly simd: AttentionBackend['capabilities']['simd'];
  readonly resumed: boolean;
  readonly flags: Pick<TrainFlags, 'maxTime' | 'browser' | 'card'>;
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
  host: Host,
  run: Run,
  { folder: runFolder, task, tuned, data, backend, simd, resumed, flags }: Work,
): Promise<ExitCode> {
  const { output, brought } = host;
  const folder = runFolder.path;
  const { maxTime: maxSeconds, browser } = flags;
  const { model, training, progress } = run.info();
  const parameters = run.model.parameterCount;
  output.event({
    event: 'start',
    run: folder,
    task: task.name,
    data: data.version,
    backend,
    simd,
    resumed,
    step: progress.step,
    steps: training.steps,
    seed: model.seed,
    parameters,
  });
  output.note(
    `${resumed ? `going on at step ${progress.step} of` : 'training'} ${folder}: ${modelTitle(task, model)}, ` +
      `${parameters.toLocaleString('en')} parameters, seed ${model.seed}, ${training.steps} steps, backend ${backend}` +
      (simd === 'none' ? '' : `, SIMD ${simd}`),
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
  output.print(`${output.paint.bold(folder)}: ${REASONS[reason]} at step ${step} after ${duration(seconds)}`);
  if (reason === 'max-seconds') output.note(`go on with: ${resume}`);
  else if (flags.card) await describe(signal, host, runFolder, { task, data, backend });
  if (tuned !== undefined && reason !== 'max-seconds') {
    const [saved, adapter] = await saveTuned(host, runFolder, tuned);
    output.event({ event: 'written', pretrained: saved, adapter: adapter ?? null });
    output.note(
      `a folder of Hugging Face: ${[saved, adapter].filter((path) => path !== undefined).join(', and the adapter: ')}`,
    );
  }
  output.event({ event: 'done', run: folder, reason, step, best: best ?? null, seconds });
  const heed = `heed ${configTyped(brought)}`;
  output.note(`next: ${heed}eval ${shellQuote(folder)}, or ${heed}run ${shellQuote(folder)} --interactive`);
  return EXIT.ok;
}

/** Calibrates a finished run, writes its card, and says what it says. */
async function describe(
  signal: AbortSignal,
  host: Host,
  folder: RunFolder,
  about: Parameters<typeof writeCard>[2],
): Promise<void> {
  const { output } = host;
  const { unit } = about.task;
  const showing = (doing: string): Pick<JudgeOptions, 'signal' | 'onProgress'> => ({
    signal,
    onProgress: ({ done, total }) => output.progress({ done, total, unit: `${doing}: example` }),
  });
  await calibrateRun(host, folder, about, showing('calibrating'));
  const card = await writeCard(host, folder, about, showing('judging'));
  output.endProgress();
  if (card === undefined) return;
  output.event({ event: 'card', run: folder.path, ...card });
  for (const { split, testSet, examples, figures } of card.evaluations) {
    const told = card.metrics
      .filter(({ key, among }) => key in figures && among === undefined)
      .map(({ key, label, format }) => `${label} ${formatFigure(figures[key], format)}`);
    const part = testSet === undefined ? `the ${split} part` : `test set ${testSet}`;
    output.print(`${examples.toLocaleString('en')} ${unit} of ${part}: ${told.join(', ')}`);
  }
  if (card.confidence !== undefined) output.print(reliabilityInWords(card.confidence, unit));
  output.note(`what it is, for those who use it: ${folder.path}/${CARD_FILE}`);
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
