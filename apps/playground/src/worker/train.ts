import { HeedError } from '@heed/base';
import { createRun, resumeRun, type ModelOf, type Outcome, type Progress, type Run } from '@heed/nn';
import type { Answer } from '@heed/tasks';
import type { TrainReport } from '../engine/jobs.js';
import type { Args, Result } from '../engine/protocol.js';
import {
  keepStep,
  keepTraining,
  MOST_KEPT,
  ownTraining,
  recallData,
  recallFiles,
  recallTraining,
  type RunFiles,
} from '../state/kept-training.js';
import { answerOf } from './answer.js';
import { courseOf, type Course } from './course.js';
import { loadGradients } from './load-gradients.js';
import { memoryFolder, type MemoryFolder } from './memory-folder.js';
import { beforeSwitch } from './session.js';

interface Session {
  /** Folder with all files from which the run continues. It is complete whenever no step is being taken. */
  readonly folder: MemoryFolder;
  readonly course: Course;
  /** The run on the engine in use; undefined after a change of the engine, until training goes on. */
  run: Run | undefined;
  /** Number of times that steps were kept for a later visit; undefined when the browser doesn't keep them. */
  kept: number | undefined;
}

let session: Session | undefined;
/** Whether this worker, and no other tab, may keep a training. */
let isOwner = false;

beforeSwitch(() => {
  session?.run?.dispose();
  if (session !== undefined) session.run = undefined;
});

const PLACE = 'this page';
// Milliseconds between points of the loss curve.
const INTERVAL = 100;

export async function prepareTraining(
  { settings, files, watch }: Args<'prepareTraining'>,
  share: (done: number) => void,
): Promise<Result<'prepareTraining'>> {
  await loadGradients();
  const course = await courseOf(settings, files, share);
  const { task, data } = course;
  task.parse(watchedIn(course, watch).input); // refused before anything is learnt
  session?.run?.dispose();
  session = undefined;
  const folder = memoryFolder(PLACE);
  const run = await createRun(folder, { ...course.run, networks: task.networks, examples: data });
  const facts = { examples: data.train.length, unit: task.unit, parameters: run.model.parameterCount };
  isOwner ||= await ownTraining();
  const isSmall = files.reduce((sum, { size }) => sum + size, 0) <= MOST_KEPT;
  const about = { settings, facts, watch, names: files.map(({ name }) => name) };
  const isKept = isOwner && isSmall && (await succeeds(keepTraining(about, filesOf(folder), files)));
  session = { folder, course, run, kept: isKept ? 0 : undefined };
  return { ...facts, isKept };
}

/** Seconds that a step takes, measured on the second one: the first is slower, since it prepares what all need. */
export async function timeTraining({ settings, files }: Args<'timeTraining'>): Promise<number> {
  await loadGradients();
  const { task, data, run: about } = await courseOf(settings, files, () => undefined);
  const training = { ...about.training, evaluateEvery: about.training.steps };
  const run = await createRun(memoryFolder('a try'), {
    ...about,
    training: { ...training, steps: Math.max(3, training.steps) },
    networks: task.networks,
    examples: data,
  });
  try {
    let seconds = 0;
    await run.train({ maxSteps: 1 });
    await run.train({ maxSteps: 1, onProgress: (progress) => ({ seconds } = progress) });
    return seconds;
  } finally {
    run.dispose();
  }
}

const filesOf = ({ files }: MemoryFolder): RunFiles => Object.fromEntries(files);

/** Whether keeping succeeded: storage may be blocked or full. */
const succeeds = (keeping: Promise<void>): Promise<boolean> =>
  keeping.then(
    () => true,
    () => false,
  );

/** Training of this worker, or else the one that was kept. */
async function prepared(): Promise<Session> {
  if (session !== undefined) return session;
  const [kept, files, data] = [await recallTraining(), await recallFiles(), await recallData()];
  if (kept === undefined || files === undefined) {
    throw new HeedError('INVALID_ARGUMENT', { message: 'there is no training to go on with' });
  }
  isOwner = await ownTraining();
  if (!isOwner) throw new HeedError('INVALID_ARGUMENT', { message: 'this training goes on in another tab' });
  await loadGradients();
  const course = await courseOf(kept.settings, data ?? [], () => undefined);
  session = { folder: memoryFolder(PLACE, files), course, run: undefined, kept: kept.parts };
  return session;
}

/** Trains until the last step or the signal, and lets the model answer a text from time to time. */
export async function train(
  { watch, every, steps }: Pick<Args<'train'>, 'watch' | 'every' | 'steps'>,
  signal: AbortSignal,
  tell: (report: TrainReport) => void,
): Promise<Outcome> {
  const session = await prepared();
  const { folder, course } = session;
  const { task, data } = course;
  if (session.run?.info().training.steps !== steps) {
    session.run?.dispose();
    session.run = undefined;
  }
  session.run ??= await resumeRun(folder, {
    networks: task.networks,
    dataVersion: data.version,
    examples: data,
    steps,
  });
  const { run } = session;
  const watched = watchedIn(course, watch);
  const { batchSize } = run.info().training;
  let { step } = run.info().progress;
  let reported = -Infinity;
  let reports: TrainReport[] = [];
  const report = (given: TrainReport): void => {
    reports.push(given);
    tell(given);
  };
  for (;;) {
    const outcome = await run.train({
      signal,
      maxSteps: every - (step % every),
      onProgress: (progress) => {
        const now = performance.now();
        if (now - reported < INTERVAL && progress.step < progress.steps) return;
        reported = now;
        report({ kind: 'step', progress: { ...progress, secondsLeft: secondsLeft(progress, batchSize) } });
      },
      onEvaluation: ({ step, figures }) => report({ kind: 'evaluation', step, figures }),
    });
    ({ step } = outcome);
    report({ kind: 'reading', step, ...watched, answer: await read(course, run.model, watched.input) });
    if (session.kept !== undefined) {
      const isKept = await succeeds(keepStep(filesOf(folder), session.kept, reports));
      session.kept = isKept ? session.kept + 1 : undefined;
      if (!isKept) tell({ kind: 'unkept' });
    }
    reports = [];
    if (outcome.reason !== 'max-steps') return outcome;
  }
}

/** Seconds until the end of the whole run; the trainer knows only the steps until the next reading. */
function secondsLeft({ step, steps, examplesPerSecond }: Progress, batchSize: number): number {
  return examplesPerSecond > 0 ? ((steps - step) * batchSize) / examplesPerSecond : 0;
}

// Longer examples make maps that nobody reads at a glance.
const READABLE = 80;

/** The text that is watched; without one an example that isn't learnt from, or nothing, after which a text is written. */
function watchedIn(
  { task, data }: Course,
  watch: string,
): { readonly input: string; readonly expected: readonly string[] } {
  if (watch !== '' || task.options.includes('sampling')) return { input: watch, expected: [] };
  const examples = [data.test, data.validation, data.train].find(({ length }) => length > 0) ?? [];
  const example = examples.find((one) => task.write(one).length <= READABLE) ?? examples[0];
  return { input: task.write(example), expected: task.expected(example) };
}

// Characters of a sample: a line or two.
const SAMPLE = 120;

/** Answer of the model, without the details that only programs read. */
async function read({ task }: Course, model: ModelOf, text: string): Promise<Answer> {
  const answer = await answerOf(task, model, text, { sampling: { seed: 1, length: SAMPLE } });
  const { probabilities } = answer.details;
  return { ...answer, details: probabilities === undefined ? {} : { probabilities } };
}

/** Files that `heed train` would have written. */
export async function runFiles(): Promise<RunFiles> {
  if (session !== undefined) return filesOf(session.folder);
  const files = await recallFiles();
  if (files === undefined) throw new HeedError('INVALID_ARGUMENT', { message: 'there is no training to save' });
  return files;
}
