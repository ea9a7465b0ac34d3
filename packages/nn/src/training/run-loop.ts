import type { OptionNames } from '@heed/core';
import { breathe } from './breathe.js';
import { Rate, stopwatch } from './rate.js';
import type { Evaluation, TrainerState } from './trainer-state.js';
import type { Update } from './update.js';

export interface Progress extends Update {
  /** Updates made, and of the whole run. */
  readonly step: number;
  readonly steps: number;
  /** Passes over the training items, with fraction. */
  readonly epoch: number;
  /** Items a second, lately. */
  readonly examplesPerSecond: number;
  /** Seconds of this call. */
  readonly seconds: number;
  /** Seconds until this call ends, if it isn't cut short; evaluations are counted in as far as they have been seen. */
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

/** Why a training doesn't go on. */
export type End = 'finished' | 'early-stop';

export interface Outcome {
  /** The last three leave the run unfinished: it may be continued. */
  readonly reason: End | 'aborted' | 'max-steps' | 'max-seconds';
  readonly step: number;
  readonly best: Evaluation | undefined;
  /** Seconds of this call. */
  readonly seconds: number;
}

/** A training as the loop sees it. */
export interface Steps {
  /** Updates made until now. */
  readonly step: number;
  /** Updates of the whole run. */
  readonly steps: number;
  /** Updates of one pass over all items. */
  readonly perEpoch: number;
  readonly best: Evaluation | undefined;
  end(): End | undefined;
  /** One update; `size` is the number of items that it was made from. */
  update(): Promise<Update & { readonly size: number }>;
  isEvaluationDue(): boolean;
  evaluate(): Promise<Evaluation & { readonly isBest: boolean }>;
  state(): Promise<TrainerState>;
}

/** Trains until the run is over or something stops it, tells of it, and saves. */
export async function runLoop(training: Steps, options: RunOptions): Promise<Outcome> {
  const { signal, maxSteps = Infinity, maxSeconds = Infinity, save, saveEverySeconds = 10 } = options;
  const { steps } = training;
  const firstStep = training.step;
  const clock = stopwatch();
  const rate = new Rate();
  let savedAt = 0;
  let savedStep = -1;
  const saveNow = async (): Promise<void> => {
    if (savedStep !== training.step) await save?.(await training.state());
    savedStep = training.step;
    savedAt = clock();
  };
  const whyStop = (): Outcome['reason'] | undefined => {
    const end = training.end();
    if (end !== undefined) return end;
    if (signal?.aborted === true) return 'aborted';
    if (training.step - firstStep >= maxSteps) return 'max-steps';
    return clock() >= maxSeconds ? 'max-seconds' : undefined;
  };
  let reason = whyStop();
  while (reason === undefined) {
    const { size, ...update } = await training.update();
    const { step } = training;
    rate.add(clock(), size);
    const stepsLeft = Math.min(steps - step, maxSteps - (step - firstStep));
    options.onProgress?.({
      step,
      steps,
      epoch: step / training.perEpoch,
      ...update,
      examplesPerSecond: rate.perSecond,
      seconds: clock(),
      secondsLeft: Math.max(0, Math.min((stepsLeft * clock()) / (step - firstStep), maxSeconds - clock())),
    });
    if (training.isEvaluationDue()) {
      const evaluation = await training.evaluate();
      options.onEvaluation?.(evaluation);
      await saveNow();
    }
    reason = whyStop();
    if (clock() - savedAt >= saveEverySeconds) await saveNow();
    await breathe();
  }
  await saveNow();
  return { reason, step: training.step, best: training.best, seconds: clock() };
}
