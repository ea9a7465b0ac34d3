import { HeedError, checkOptions } from '@heed/core';
import { shuffle, uniform } from '@heed/base';
import { parseConfig } from '../layers/schema.js';
import { zeroSlots, type AdamSlots } from './adam.js';
import { createBatches } from './batches.js';
import { assertGradients } from './differentiate.js';
import { History } from './history.js';
import { assign, bringToHost, checkAgainst, copy, sizesOf, valuesOf } from './model-values.js';
import { createOptimizer, type Optimizer } from './optimizer.js';
import { RUN_OPTIONS, runLoop, type End, type Outcome, type RunOptions } from './run-loop.js';
import type { Network, Trainable } from './trainable.js';
import type { TrainerState } from './trainer-state.js';
import { trainingSchema, type TrainingConfig } from './training-config.js';
import { updateOnce } from './update.js';

export interface TrainingExamples<Example = unknown> {
  readonly train: readonly Example[];
  /** May be empty: then there are no evaluations, and the newest parameters are the best. */
  readonly validation: readonly Example[];
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
  /**
   * Copies of everything that is needed to continue.
   *
   * @throws HeedError SYNCHRONOUS_READ during a run on an engine that is read by promises, as webgpu in Node; `save` of a run gets the state there
   */
  state(): TrainerState;
}

/**
 * Trains a model, which is borrowed, with Adam on what its network makes of the examples. Given the state of a trainer of the
 * same configuration and examples, goes on from there; the model gets the state's parameters. On an engine that computes the
 * same bits from the same inputs, the result then is the same bits, however often the run was interrupted.
 *
 * @throws HeedError CONFIG_INVALID; INVALID_ARGUMENT (no training examples); SHAPE_MISMATCH (a state of another model)
 */
export function createTrainer<Config, Model extends Trainable<Item>, Example, Item>(
  network: Network<Config, Model, Example, Item>,
  model: Model,
  examples: TrainingExamples<Example>,
  config: TrainingConfig,
  resumeFrom?: TrainerState,
): Trainer {
  parseConfig('training', trainingSchema, config);
  const batches = createBatches(network, examples.train, config);
  const validation = sample(examples.validation, config);
  let slots = resumeFrom === undefined ? zeroSlots(sizesOf(model)) : resumed(model, resumeFrom);
  let step = resumeFrom?.step ?? 0;
  const history = new History(resumeFrom);
  /** The one of a run, while it runs; it has the slots then. */
  let optimizer: Optimizer | undefined;

  const state = (): TrainerState => ({
    step,
    parameters: copy(valuesOf(model)),
    slots: optimizer?.slots() ?? { mean: copy(slots.mean), square: copy(slots.square) },
    ...history.state(),
  });

  function end(): End | undefined {
    if (step >= config.steps) return 'finished';
    return history.hasLost(config.patience) ? 'early-stop' : undefined;
  }

  async function evaluate() {
    const scores = await network.validate(model, validation);
    assertFinite(step, { error: scores.error, ...scores.figures });
    await bringToHost(Object.values(model.parameters));
    return history.addEvaluation(step, scores, valuesOf(model));
  }

  const run = (optimizer: Optimizer, options: RunOptions): Promise<Outcome> =>
    runLoop(
      {
        get step() {
          return step;
        },
        steps: config.steps,
        perEpoch: batches.perEpoch,
        get best() {
          return history.best;
        },
        end,
        async update() {
          const batch = batches.at(step);
          const update = await updateOnce({ model, optimizer, config }, batch, step);
          step++;
          history.addLoss(update.loss);
          return { ...update, size: batch.length };
        },
        isEvaluationDue: () =>
          validation.length > 0 && history.hasNews && (step % config.evaluateEvery === 0 || step === config.steps),
        evaluate,
        async state() {
          await bringToHost(Object.values(model.parameters));
          await optimizer.bringToHost();
          return state();
        },
      },
      options,
    );

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
          await used.bringToHost();
          slots = used.slots();
        } finally {
          used.dispose(); // also when the engine has lost what the slots were
        }
      }
    },
  };
}

/**
 * Gives the model the parameters of a state; copies of its slots.
 *
 * @throws HeedError SHAPE_MISMATCH for the state of another model
 */
function resumed(model: Trainable, { parameters, slots }: TrainerState): AdamSlots {
  const own = { mean: copy(slots.mean), square: copy(slots.square) };
  for (const table of [parameters, own.mean, own.square]) checkAgainst(model, table);
  assign(model, copy(parameters));
  return own;
}

/** Validation examples to evaluate on: the same in every evaluation of a run. */
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
