import * as tf from '@tensorflow/tfjs-core';
import { HeedError, checkOptions, type OptionNames } from '@heed/core';
import { zeroSlots, type AdamSlots } from './adam.js';
import { breathe } from './breathe.js';
import { parseConfig } from '../layers/schema.js';
import { assertGradients, differentiate } from './differentiate.js';
import { assign, checkAgainst, copy, valuesOf } from './model-values.js';
import type { Network, Trainable } from './trainable.js';
import { createOptimizer, type Optimizer } from './optimizer.js';
import { batchesPerEpoch, epochBatches } from './order.js';
import { shuffle, uniform } from '@heed/base';
import { Rate, stopwatch } from './rate.js';
import type { Best, Evaluation, TrainerState } from './trainer-state.js';
import { learningRateAt, trainingSchema, type TrainingConfig } from './training-config.js';

export interface TrainingExamples<Example = unknown> {
  readonly train: readonly Example[];
  /** May be empty: then there are no evaluations, and the newest parameters are the best. */
  readonly validation: readonly Example[];
}

export interface Progress {
  /** Updates made, and of the whole run. */
  readonly step: number;
  readonly steps: number;
  /** Passes over the training items, with fraction. */
  readonly epoch: number;
  /** Loss of this step's batch, see `Trainable`. */
  readonly loss: number;
  readonly learningRate: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  /** Items a second, lately. */
  readonly examplesPerSecond: number;
  /** Seconds that this call took. */
  readonly seconds: number;
  /** Until this call ends, if it isn't cut short; evaluations are counted in as far as they have been seen. */
  readonly secondsLeft: number;
}

export interface RunOptions {
  /** Stops after the step that is under way. */
  readonly signal?: AbortSignal;
  /** Updates to make in this call at most; the run itself ends at `config.steps`. */
  readonly maxSteps?: number;
  /** Stops after the first step that ends later. */
  readonly maxSeconds?: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly onEvaluation?: (evaluation: Evaluation & { readonly isBest: boolean }) => void;
  /** Called with the state every `saveEverySeconds`, after every evaluation and at the end; the run waits for it. */
  readonly save?: (state: TrainerState) => Promise<void> | void;
  /** Default 10; 0 saves after every step. */
  readonly saveEverySeconds?: number;
}

export const RUN_OPTIONS: OptionNames<RunOptions> = {
  signal: true,
  maxSteps: true,
  maxSeconds: true,
  onProgress: true,
  onEvaluation: true,
  save: true,
  saveEverySeconds: true,
};

export interface Outcome {
  /** The last three leave the run unfinished: it may be continued. */
  readonly reason: 'finished' | 'early-stop' | 'aborted' | 'max-steps' | 'max-seconds';
  readonly step: number;
  readonly best: Evaluation | undefined;
  /** Seconds that this call took. */
  readonly seconds: number;
}

export interface Trainer {
  readonly config: TrainingConfig;
  readonly step: number;
  /**
   * Trains until the run is finished or something stops it. May be called again to go on.
   *
   * @throws HeedError GRADIENTS_MISSING without TensorFlow.js's gradients; NOT_FINITE when the loss or a gradient is not
   *   finite: the parameters are then as before the step, and nothing was saved since; also when what an evaluation finds is
   *   not finite, and then the evaluation counts for nothing; INVALID_ARGUMENT when it is running, or for a symbol that the
   *   model lacks
   */
  run(options?: RunOptions): Promise<Outcome>;
  /** Copies of everything that is needed to continue. */
  state(): TrainerState;
}

/**
 * Trains a model, which is borrowed, with Adam on what its kind makes of the examples. Given the state of a trainer of the same configuration
 * and examples, goes on from there; the model gets the state's parameters. On an engine that computes the same bits from
 * the same inputs, the result then is the same bits, however often the run was interrupted.
 *
 * @throws HeedError CONFIG_INVALID; INVALID_ARGUMENT (no training examples); SHAPE_MISMATCH (a state of another model)
 */
export function createTrainer<Config, Model extends Trainable<Item>, Example, Item>(
  kind: Network<Config, Model, Example, Item>,
  model: Model,
  examples: TrainingExamples<Example>,
  config: TrainingConfig,
  resumeFrom?: TrainerState,
): Trainer {
  parseConfig('training', trainingSchema, config);
  const items = examples.train.flatMap((example) => kind.items(example));
  if (items.length === 0) throw new HeedError('INVALID_ARGUMENT', { message: 'training: there are no examples' });
  const lengths = items.map((item) => kind.lengths(item));
  const perEpoch = batchesPerEpoch(items.length, config.batchSize);
  const validation = sample(examples.validation, config);

  let step = 0;
  let slots: AdamSlots;
  let best: Best | undefined;
  let evaluations: readonly Evaluation[] = [];
  let lossSum = 0;
  let lossSteps = 0;
  /** While `run` runs; it has the slots then. */
  let optimizer: Optimizer | undefined;
  if (resumeFrom === undefined) {
    slots = zeroSlots(valuesOf(model));
  } else {
    ({ step, best, evaluations, lossSum, lossSteps } = resumeFrom);
    slots = { mean: copy(resumeFrom.slots.mean), square: copy(resumeFrom.slots.square) };
    for (const table of [resumeFrom.parameters, slots.mean, slots.square]) checkAgainst(model, table);
    assign(model, copy(resumeFrom.parameters));
  }

  let epoch = { number: -1, batches: [] as number[][] };
  function batchAt(step: number): Item[] {
    const number = Math.floor(step / perEpoch);
    if (number !== epoch.number) {
      epoch = {
        number,
        batches: epochBatches(lengths, { batchSize: config.batchSize, seed: config.seed, epoch: number }),
      };
    }
    return epoch.batches[step % perEpoch].map((n) => items[n]!);
  }

  /** One update. */
  async function update(
    optimizer: Optimizer,
  ): Promise<Pick<Progress, 'loss' | 'learningRate' | 'gradientNorm'> & { size: number }> {
    const batch = batchAt(step);
    let gradientNorm: number;
    const { loss, gradients } = await differentiate(model, batch, config, step);
    const learningRate = learningRateAt(step + 1, config);
    try {
      const { norm, apply } = await optimizer.measure(gradients);
      gradientNorm = norm;
      if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
        throw new HeedError('NOT_FINITE', {
          message: `training: at step ${step + 1} the loss is ${loss} and the gradient's norm ${norm}`,
          hint: 'lower the learning rate or clipNorm; the last checkpoint is good',
          details: { step: step + 1, loss, gradientNorm: norm },
        });
      }
      apply({ learningRate, step: step + 1, scale: norm > config.clipNorm ? config.clipNorm / norm : 1 });
    } finally {
      tf.dispose(gradients);
    }
    step++;
    lossSum += loss;
    lossSteps++;
    return { loss, learningRate, gradientNorm, size: batch.length };
  }

  async function evaluateNow(): Promise<Evaluation & { isBest: boolean }> {
    const { error, figures } = await kind.validate(model, validation);
    assertFinite(step, { error, ...figures });
    const evaluation = { step, trainingLoss: lossSum / lossSteps, error, figures };
    const isBest = best === undefined || error < best.evaluation.error;
    if (isBest) best = { evaluation, parameters: copy(valuesOf(model)) };
    evaluations = [...evaluations, evaluation];
    lossSum = 0;
    lossSteps = 0;
    return { ...evaluation, isBest };
  }

  const isEvaluationDue = (): boolean =>
    validation.length > 0 && lossSteps > 0 && (step % config.evaluateEvery === 0 || step === config.steps);

  function hasLostPatience(): boolean {
    if (config.patience === 0 || best === undefined) return false;
    const since = evaluations.filter((evaluation) => evaluation.step > best!.evaluation.step);
    return since.length >= config.patience;
  }

  function state(): TrainerState {
    const values = copy(valuesOf(model));
    return {
      step,
      parameters: values,
      slots: optimizer?.slots() ?? { mean: copy(slots.mean), square: copy(slots.square) },
      ...(best && { best: { ...best, parameters: copy(best.parameters) } }),
      evaluations,
      lossSum,
      lossSteps,
    };
  }

  async function run(optimizer: Optimizer, options: RunOptions = {}): Promise<Outcome> {
    const { signal, maxSteps = Infinity, maxSeconds = Infinity, save, saveEverySeconds = 10 } = options;
    const firstStep = step;
    const clock = stopwatch();
    const rate = new Rate();
    let savedAt = 0;
    let savedStep = -1;
    const saveNow = async (): Promise<void> => {
      if (savedStep !== step) await save?.(state());
      savedStep = step;
      savedAt = clock();
    };
    const whyStop = (): Outcome['reason'] | undefined => {
      if (step >= config.steps) return 'finished';
      if (hasLostPatience()) return 'early-stop';
      if (signal?.aborted === true) return 'aborted';
      if (step - firstStep >= maxSteps) return 'max-steps';
      if (clock() >= maxSeconds) return 'max-seconds';
      return undefined;
    };
    let reason = whyStop();
    while (reason === undefined) {
      const { size, ...facts } = await update(optimizer);
      rate.add(clock(), size);
      const stepsLeft = Math.min(config.steps - step, maxSteps - (step - firstStep));
      options.onProgress?.({
        step,
        steps: config.steps,
        epoch: step / perEpoch,
        ...facts,
        examplesPerSecond: rate.perSecond,
        seconds: clock(),
        secondsLeft: Math.max(0, Math.min((stepsLeft * clock()) / (step - firstStep), maxSeconds - clock())),
      });
      if (isEvaluationDue()) {
        const evaluation = await evaluateNow();
        options.onEvaluation?.(evaluation);
        await saveNow();
      }
      reason = whyStop();
      if (clock() - savedAt >= saveEverySeconds) await saveNow();
      await breathe();
    }
    await saveNow();
    return { reason, step, best: best?.evaluation, seconds: clock() };
  }

  return {
    config,
    get step() {
      return step;
    },
    state,
    async run(options = {}) {
      checkOptions('training: run', options, RUN_OPTIONS);
      assertGradients();
      if (optimizer !== undefined) {
        throw new HeedError('INVALID_ARGUMENT', { message: 'training: run was called while it is running' });
      }
      optimizer = createOptimizer(model, slots);
      try {
        return await run(optimizer, options);
      } finally {
        const used = optimizer;
        optimizer = undefined;
        try {
          slots = used.slots();
        } finally {
          used.dispose(); // also when the engine has lost what the slots were
        }
      }
    },
  };
}

/** The same examples in every evaluation of a run. */
function sample<Example>(examples: readonly Example[], { seed, validationExamples }: TrainingConfig): Example[] {
  return shuffle([...examples], uniform({ stream: 'models', seed, name: 'validation' })).slice(0, validationExamples);
}

function assertFinite(step: number, found: Readonly<Record<string, number>>): void {
  const wrong = Object.entries(found).find(([, value]) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new HeedError('NOT_FINITE', {
    message: `training: at step ${step} the ${wrong[0]} on the validation examples is ${wrong[1]}`,
    hint: 'training diverged: begin again with a lower learning rate or clipNorm',
    details: { step, ...found },
  });
}
