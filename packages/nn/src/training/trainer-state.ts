import type { AdamSlots, Arrays } from './adam.js';

/** How the model did on the validation sample after a step. */
export interface Evaluation {
  readonly step: number;
  /** Mean training loss since the evaluation before. */
  readonly trainingLoss: number;
  /** What decides which parameters are best; lower is better. */
  readonly error: number;
  /** Figures by names that depend on the network. */
  readonly figures: Readonly<Record<string, number>>;
}

/** The best evaluation, and the parameters that it saw. */
export interface Best {
  readonly evaluation: Evaluation;
  readonly parameters: Arrays;
}

/**
 * Everything that a run needs to continue as if it had never stopped. The order of the examples and the dropout follow
 * from the seed and the step, so no random state is part of it.
 */
export interface TrainerState {
  /** Updates made. */
  readonly step: number;
  readonly parameters: Arrays;
  readonly slots: AdamSlots;
  /** Absent before the first evaluation, and in a run without validation examples. */
  readonly best?: Best;
  readonly evaluations: readonly Evaluation[];
  /** Sum of the losses per symbol since the last evaluation, and of how many steps. */
  readonly lossSum: number;
  readonly lossSteps: number;
}

/** The parameters to use: those of the best evaluation, else the newest. */
export const bestParameters = ({ best, parameters }: TrainerState): Arrays => best?.parameters ?? parameters;
