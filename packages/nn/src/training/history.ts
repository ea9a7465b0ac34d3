import type { Arrays } from './adam.js';
import { copy } from './model-values.js';
import type { Scores } from './trainable.js';
import type { Best, Evaluation, TrainerState } from './trainer-state.js';

/** What a training found until now, and what it found best. */
export class History {
  #best: Best | undefined;
  #evaluations: readonly Evaluation[];
  #lossSum: number;
  #lossSteps: number;

  constructor({ best, evaluations = [], lossSum = 0, lossSteps = 0 }: Partial<TrainerState> = {}) {
    this.#best = best;
    this.#evaluations = evaluations;
    this.#lossSum = lossSum;
    this.#lossSteps = lossSteps;
  }

  get best(): Evaluation | undefined {
    return this.#best?.evaluation;
  }

  /** Whether a step was made since the last evaluation. */
  get hasNews(): boolean {
    return this.#lossSteps > 0;
  }

  /** The loss of one step. */
  addLoss(loss: number): void {
    this.#lossSum += loss;
    this.#lossSteps++;
  }

  /** @param values parameters that were evaluated; copied when they are the best until now */
  addEvaluation(step: number, { error, figures }: Scores, values: Arrays): Evaluation & { readonly isBest: boolean } {
    const evaluation = { step, trainingLoss: this.#lossSum / this.#lossSteps, error, figures };
    const isBest = this.#best === undefined || error < this.#best.evaluation.error;
    if (isBest) this.#best = { evaluation, parameters: copy(values) };
    this.#evaluations = [...this.#evaluations, evaluation];
    this.#lossSum = 0;
    this.#lossSteps = 0;
    return { ...evaluation, isBest };
  }

  /** Whether so many evaluations in a row were no better than the best; never with 0. */
  hasLost(patience: number): boolean {
    const { best } = this;
    if (patience === 0 || best === undefined) return false;
    return this.#evaluations.filter(({ step }) => step > best.step).length >= patience;
  }

  state(): Pick<TrainerState, 'best' | 'evaluations' | 'lossSum' | 'lossSteps'> {
    return {
      ...(this.#best && { best: { ...this.#best, parameters: copy(this.#best.parameters) } }),
      evaluations: this.#evaluations,
      lossSum: this.#lossSum,
      lossSteps: this.#lossSteps,
    };
  }
}
