import { loadG2p, type SequenceDataset } from '@heed/datasets';
import { HeedError } from '@heed/core/errors';
import {
  createRun,
  presets,
  resumeRun,
  type Outcome,
  type Progress,
  type Run,
  type RunDescription,
  type Seq2Seq,
} from '@heed/seq2seq';
import type { Found, TrainReport, TrainSettings } from '../engine/jobs.js';
import { memoryFolder, type MemoryFolder } from './memory-folder.js';
import { beforeSwitch } from './session.js';
import { symbolsOf } from './symbols.js';

interface Session {
  /** Holds all that a run continues from whenever no step is under way. */
  readonly folder: MemoryFolder;
  readonly data: SequenceDataset;
  /** On the engine in use; absent after a switch, until training goes on. */
  run: Run<'recurrent'> | undefined;
}

let session: Session | undefined;

beforeSwitch(() => {
  session?.run?.dispose();
  if (session !== undefined) session.run = undefined;
});

// Often enough for a curve, and so few words that they take a second.
const EVALUATIONS = 20;
const VALIDATION_WORDS = 200;
const HEADS = 4;
// Milliseconds between points of the loss curve.
const INTERVAL = 100;

export async function prepareTraining(settings: TrainSettings) {
  // Gradients of TensorFlow.js's own ops, which its core package leaves to the application.
  await import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
  const data = await loadG2p({ seed: settings.seed });
  session?.run?.dispose();
  session = undefined;
  const folder = memoryFolder('this page');
  const run = await createRun(folder, { ...describe(settings, data), examples: data });
  session = { folder, data, run };
  return { words: data.train.length, parameters: run.model.parameterCount, dataVersion: data.version };
}

function describe(settings: TrainSettings, data: SequenceDataset): RunDescription<'recurrent'> {
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
      attention:
        attention === 'additive'
          ? { kind: attention, units }
          : attention === 'multiHead'
            ? { kind: attention, heads: HEADS }
            : { kind: attention },
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

function prepared(): Session {
  if (session === undefined) throw new HeedError('INVALID_ARGUMENT', { message: 'no training was prepared yet' });
  return session;
}

/** Trains until the end or the signal, and reads a word out on the way. */
export async function train(
  word: string,
  every: number,
  signal: AbortSignal,
  report: (report: TrainReport) => void,
): Promise<Outcome> {
  const session = prepared();
  const { folder, data } = session;
  session.run ??= await resumeRun(folder, { dataVersion: data.version, examples: data });
  const { run } = session;
  const source = symbolsOf(word, run.model.config);
  const { batchSize } = run.info().training;
  let { step } = run.info().progress;
  let reported = -Infinity;
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
          tokenErrorRate: figures['tokenErrorRate']!,
          wordErrorRate: figures['sequenceErrorRate']!,
        }),
    });
    ({ step } = outcome);
    report({ kind: 'word', step, found: await read(run.model, source) });
    if (outcome.reason !== 'max-steps') return outcome;
  }
}

/** Of the whole run; the trainer knows of the steps until the next reading alone. */
function secondsLeft({ step, steps, examplesPerSecond }: Progress, batchSize: number): number {
  return examplesPerSecond > 0 ? ((steps - step) * batchSize) / examplesPerSecond : 0;
}

async function read(model: Seq2Seq, source: readonly string[]): Promise<Found> {
  const [{ output, logProbability, score, weights, finished }] = (await model.greedy([source])) as [
    Awaited<ReturnType<Seq2Seq['greedy']>>[number],
  ];
  return { output, logProbability, score, weights: weights ?? null, finished };
}

/** What `heed train` would have written. */
export function runFiles(): Readonly<Record<string, Uint8Array>> {
  return Object.fromEntries(prepared().folder.files);
}
