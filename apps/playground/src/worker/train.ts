import { definitionOf } from '@heed/attention';
import { loadG2p, type SequenceDataset } from '@heed/datasets';
import { HeedError } from '@heed/base';
import { createRun, resumeRun, type Outcome, type Progress, type Run, type RunDescription } from '@heed/nn';
import { presets, recurrent, type AttentionChoice, type Seq2Seq } from '@heed/networks';
import type { Found, TrainReport, TrainSettings } from '../engine/jobs.js';
import type { Args, Result } from '../engine/protocol.js';
import {
  keepStep,
  keepTraining,
  ownTraining,
  recallFiles,
  recallTraining,
  type RunFiles,
} from '../state/kept-training.js';
import { loadGradients } from './load-gradients.js';
import { memoryFolder, type MemoryFolder } from './memory-folder.js';
import { beforeSwitch } from './session.js';
import { symbolsOf } from './symbols.js';

interface Session {
  /** Folder with all files from which the run continues. It is complete whenever no step is being taken. */
  readonly folder: MemoryFolder;
  readonly data: SequenceDataset;
  /** The run on the engine in use; undefined after a change of the engine, until training goes on. */
  run: Run<typeof recurrent> | undefined;
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

// Number of evaluations, enough for a curve, and of words for each, few enough to take a second.
const EVALUATIONS = 20;
const VALIDATION_WORDS = 200;
const HEADS = 4;
const PLACE = 'this page';
// Milliseconds between points of the loss curve.
const INTERVAL = 100;

export async function prepareTraining(settings: TrainSettings, word: string): Promise<Result<'prepareTraining'>> {
  await loadGradients();
  const data = await loadG2p({ seed: settings.seed });
  session?.run?.dispose();
  session = undefined;
  const folder = memoryFolder(PLACE);
  const run = await createRun(folder, { ...describe(settings, data), networks: [recurrent], examples: data });
  const facts = { words: data.train.length, parameters: run.model.parameterCount };
  isOwner ||= await ownTraining();
  const isKept = isOwner && (await succeeds(keepTraining({ settings, facts, word }, filesOf(folder))));
  session = { folder, data, run, kept: isKept ? 0 : undefined };
  return { ...facts, isKept };
}

const filesOf = ({ files }: MemoryFolder): RunFiles => Object.fromEntries(files);

/** Whether keeping succeeded: storage may be blocked or full. */
const succeeds = (keeping: Promise<void>): Promise<boolean> =>
  keeping.then(
    () => true,
    () => false,
  );

function describe(settings: TrainSettings, data: SequenceDataset): RunDescription<typeof recurrent> {
  const { seed, steps, batchSize, learningRate, architecture, units, attention } = settings;
  const { model, training } = presets.small;
  return {
    task: data.task,
    dataVersion: data.version,
    dataOptions: data.options,
    model: {
      ...model,
      sourceSymbols: data.sourceSymbols,
      targetSymbols: data.targetSymbols,
      seed,
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
    training: {
      ...training,
      seed,
      steps,
      batchSize,
      learningRate,
      evaluateEvery: Math.max(1, Math.round(steps / EVALUATIONS)),
      validationExamples: VALIDATION_WORDS,
    },
  };
}

/** Training of this worker, or else the one that was kept. */
async function prepared(): Promise<Session> {
  if (session !== undefined) return session;
  const [kept, files] = [await recallTraining(), await recallFiles()];
  if (kept === undefined || files === undefined) {
    throw new HeedError('INVALID_ARGUMENT', { message: 'there is no training to go on with' });
  }
  isOwner = await ownTraining();
  if (!isOwner) throw new HeedError('INVALID_ARGUMENT', { message: 'this training goes on in another tab' });
  await loadGradients();
  const data = await loadG2p({ seed: kept.settings.seed });
  session = { folder: memoryFolder(PLACE, files), data, run: undefined, kept: kept.parts };
  return session;
}

/** Trains until the last step or the signal, and lets the model read a word from time to time. */
export async function train(
  { word, every, steps }: Pick<Args<'train'>, 'word' | 'every' | 'steps'>,
  signal: AbortSignal,
  tell: (report: TrainReport) => void,
): Promise<Outcome> {
  const session = await prepared();
  const { folder, data } = session;
  if (session.run?.info().training.steps !== steps) {
    session.run?.dispose();
    session.run = undefined;
  }
  session.run ??= await resumeRun(folder, {
    networks: [recurrent],
    dataVersion: data.version,
    examples: data,
    steps,
  });
  const { run } = session;
  const source = symbolsOf(word, run.model.config);
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
      onEvaluation: ({ step, figures }) =>
        report({
          kind: 'evaluation',
          step,
          tokenErrorRate: figures['tokenErrorRate'],
          wordErrorRate: figures['sequenceErrorRate'],
        }),
    });
    ({ step } = outcome);
    report({ kind: 'word', step, found: await read(run.model, source) });
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

async function read(model: Seq2Seq, source: readonly string[]): Promise<Found> {
  const [{ output, logProbability, score, weights, finished }] = (await model.greedy([source])) as [
    Awaited<ReturnType<Seq2Seq['greedy']>>[number],
  ];
  return { output, logProbability, score, weights: weights ?? null, finished };
}

/** Files that `heed train` would have written. */
export async function runFiles(): Promise<RunFiles> {
  if (session !== undefined) return filesOf(session.folder);
  const files = await recallFiles();
  if (files === undefined) throw new HeedError('INVALID_ARGUMENT', { message: 'there is no training to save' });
  return files;
}
