import * as tf from '@tensorflow/tfjs-core';
import { recurrent, type Seq2Seq } from '@heed/networks';
import { createTrainer, type Pair, type Trainer } from '@heed/nn';
import type { ToyReading, ToySetup } from '../../engine/jobs.js';
import type { Args } from '../../engine/protocol.js';
import { loadGradients } from '../load-gradients.js';
import { beforeSwitch } from '../session.js';
import { drawRows, LETTERS, PLACES } from './letters.js';

/** Steps of a training. After 150, of every toy and seed that was tried, nine tenths of the attention were where they should be. */
const STEPS = 200;
/** Steps between readings: some a second. */
const EVERY = 5;
// Number of rows that are learnt from, and of others, of which the readings tell.
const LEARNT = 2048;
const TRIED = 64;
/** Letters after which an answer is cut off: one more than any right one has. */
const MOST_WRITTEN = LETTERS.length + 1;

/** A toy model and its training, on the engine in use. */
interface Course {
  readonly setup: ToySetup;
  readonly model: Seq2Seq;
  readonly trainer: Trainer;
  /** Rows that aren't learnt from, and the one of them that is shown. */
  readonly tried: readonly Pair[];
  readonly shown: number;
  loss: number | null;
}

let course: Course | undefined;

function leave(): void {
  course?.model.dispose();
  course = undefined;
}
beforeSwitch(leave);

/**
 * Trains a toy model by some steps, on from where it is, and tells what it does: at once, every few steps, and where it stops. A training of
 * another setup than the one before begins anew.
 */
export async function learnToy(
  { setup, steps }: Pick<Args<'learnToy'>, 'setup' | 'steps'>,
  signal: AbortSignal,
  tell: (reading: ToyReading) => void,
): Promise<void> {
  await loadGradients();
  const isSame = course?.setup.toy === setup.toy && course.setup.seed === setup.seed;
  if (!isSame) leave();
  const current = (course ??= begin(setup));
  tell(await read(current));
  const { trainer } = current;
  const end = Math.min(trainer.step + steps, STEPS);
  while (trainer.step < end && !signal.aborted) {
    const maxSteps = Math.min(EVERY - (trainer.step % EVERY), end - trainer.step);
    await trainer.run({ signal, maxSteps, onProgress: ({ loss }) => (current.loss = loss) });
    tell(await read(current));
  }
}

function begin(setup: ToySetup): Course {
  const { seed } = setup;
  const rows = drawRows(setup, LEARNT + TRIED);
  const model = recurrent.create({
    kind: 'recurrent',
    sourceSymbols: LETTERS,
    targetSymbols: LETTERS,
    seed,
    architecture: 'luong',
    cell: 'gru',
    embeddingWidth: 16,
    encoderUnits: 16,
    encoderLayers: 1,
    bidirectional: true,
    decoderUnits: 32,
    attention: { kind: 'general' },
    inputFeeding: false,
    output: 'tanh',
    outputUnits: 32,
    dropout: 0,
  });
  const trainer = createTrainer(
    recurrent,
    model,
    { train: rows.slice(0, LEARNT), validation: [] },
    {
      seed,
      steps: STEPS,
      batchSize: 32,
      learningRate: 0.01,
      warmupSteps: 10,
      schedule: 'constant',
      clipNorm: 1,
      labelSmoothing: 0,
      evaluateEvery: STEPS,
      validationExamples: 0,
      patience: 0,
    },
  );
  const tried = rows.slice(LEARNT).map(({ source, targets }) => ({ source, target: targets[0] }));
  const longest = Math.max(...tried.map(({ source }) => source.length));
  return {
    setup,
    model,
    trainer,
    tried,
    shown: tried.findIndex(({ source }) => source.length === longest),
    loss: null,
  };
}

async function read({ setup: { toy }, model, trainer, tried, shown, loss }: Course): Promise<ToyReading> {
  const rows = await weightsOf(model, tried);
  const answers = await model.greedy(
    tried.map(({ source }) => source),
    { maxLength: MOST_WRITTEN },
  );
  const places = tried.map(({ source }) => PLACES[toy](source));
  const onRight = rows.flatMap((weights, n) => weights.map((row, t) => row[places[n][t]]));
  const isRight = answers.map(({ output }, n) => output.join('') === tried[n].target.join(''));
  return {
    step: trainer.step,
    steps: STEPS,
    loss,
    source: tried[shown].source,
    target: tried[shown].target,
    written: answers[shown].output,
    weights: rows[shown],
    aligned: mean(onRight),
    right: mean(isRight.map(Number)),
  };
}

/** For each pair, how much each letter of its target looks at each of its source, while the model is told the right ones. */
async function weightsOf(model: Seq2Seq, pairs: readonly Pair[]): Promise<Float32Array[][]> {
  const { logits, weights } = model.teach(pairs);
  try {
    const all = (await weights!.data()) as Float32Array;
    const [, time, width] = weights!.shape; // [B, T, S]
    return pairs.map(({ source, target }, b) =>
      target.map((_, t) => {
        const start = (b * time + t) * width;
        return all.slice(start, start + source.length);
      }),
    );
  } finally {
    tf.dispose([logits, weights!]);
  }
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
