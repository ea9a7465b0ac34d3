export type { BeamOptions } from './beam.js';
export { positionalBaseline } from './baseline.js';
export type { AttentionChoice, Seq2SeqConfig } from './config.js';
export {
  evaluate,
  type EvaluateOptions,
  type Evaluated,
  type EvaluationReport,
  type Example,
  type Predictor,
} from './evaluate.js';
export type { GreedyOptions } from './greedy.js';
export type { Hypothesis } from './hypothesis.js';
export { editDistance } from './levenshtein.js';
export { errorRates, monotonicity, outputErrors, type ErrorRates, type OutputErrors } from './metrics.js';
export type { ParameterTable, ParameterValues } from './parameters.js';
export { createSeq2Seq, type LossOptions, type Pair, type Seq2Seq } from './seq2seq.js';
export {
  createTrainer,
  type Outcome,
  type Progress,
  type RunOptions,
  type Trainer,
  type TrainingExamples,
} from './trainer.js';
export type { Best, Evaluation, TrainerState } from './trainer-state.js';
export type { TrainingConfig } from './training-config.js';
export { decodeModel, encodeModel, type ReadOptions } from './model-file.js';
export type { Taught } from './teach.js';
export { presets, type Preset } from './presets.js';
export {
  createRun,
  holdsRun,
  openRun,
  readRunInfo,
  resumeRun,
  type CreateRunOptions,
  type ResumeRunOptions,
  type Run,
  type RunTrainOptions,
} from './run.js';
export type { RunFolder } from './run-folder.js';
export type { RunDescription, RunInfo, RunProgress } from './run-info.js';
export type { Candidate, WatchedStep, WatchOptions } from './watch.js';
