export type { BeamOptions } from './decoding/beam.js';
export { alignmentErrors, alignmentRates, type AlignmentErrors, type AlignmentRates } from './metrics/alignment.js';
export { positionalBaseline } from './metrics/baseline.js';
export { corpusBleu, type Bleu, type BleuOptions } from './metrics/bleu.js';
export type { BleuTokenization } from './metrics/bleu-tokens.js';
export { corpusChrf, type ChrfOptions } from './metrics/chrf.js';
export type { AttentionChoice, Seq2SeqConfig } from './recurrent/config.js';
export {
  evaluate,
  type EvaluateOptions,
  type Evaluated,
  type EvaluationReport,
  type Example,
  type Predictor,
} from './metrics/evaluate.js';
export type { GreedyOptions } from './decoding/greedy.js';
export type { Hypothesis } from './decoding/hypothesis.js';
export { editDistance } from './metrics/levenshtein.js';
export { errorRates, monotonicity, outputErrors, type ErrorRates, type OutputErrors } from './metrics/metrics.js';
export type { ParameterTable, ParameterValues } from './layers/parameters.js';
export type { EncoderDecoder, Taught } from './encoder-decoder.js';
export type { Pair } from './layers/pair-coder.js';
export { createSeq2Seq, type Seq2Seq } from './recurrent/seq2seq.js';
export {
  createTrainer,
  type Outcome,
  type Progress,
  type RunOptions,
  type Trainer,
  type TrainingExamples,
} from './training/trainer.js';
export type { Best, Evaluation, TrainerState } from './training/trainer-state.js';
export type { TrainingConfig } from './training/training-config.js';
export { decodeModel, encodeModel, type ReadOptions } from './runs/model-file.js';
export { kindOf, type ConfigOf, type ExampleOf, type KindName, type ModelOf } from './kinds.js';
export type { LossOptions, ModelKind, Scores, Trainable } from './training/trainable.js';
export { recurrent } from './recurrent/kind.js';
export type { TransformerConfig } from './transformer/config.js';
export { transformer } from './transformer/kind.js';
export { createTransformer, type Transformer } from './transformer/transformer.js';
export { presets, type Preset } from './recurrent/presets.js';
export {
  createRun,
  holdsRun,
  openRun,
  readRunInfo,
  resumeRun,
  type CreateRunOptions,
  type OpenedRun,
  type OpenRunOptions,
  type ResumeRunOptions,
  type Run,
  type RunTrainOptions,
} from './runs/run.js';
export type { LockHolder, RunFolder, RunLock } from './runs/run-folder.js';
export type { RunDescription, RunInfo, RunProgress } from './runs/run-info.js';
export type { TextSequence } from './language/batch.js';
export type { LanguageConfig, LstmLanguageConfig, TransformerLanguageConfig } from './language/config.js';
export { textFigures, type TextFigures } from './language/figures.js';
export type { GeneratedSymbol, GenerateOptions } from './language/generate.js';
export { language } from './language/kind.js';
export { createLanguageModel, type LanguageModel, type SurprisalOptions } from './language/language-model.js';
export type { SamplingOptions } from './language/sampling.js';
export { nGram, type NGramOptions } from './language/n-gram.js';
export type { Candidate, WatchedStep, WatchOptions } from './decoding/watch.js';
export { createClassifier, type Classification, type Classifier, type LabelledText } from './classifier/classifier.js';
export type { Text } from './classifier/batch.js';
export type { ClassifierConfig, EncoderChoice, PoolingChoice, Subwords } from './classifier/config.js';
export { classifier } from './classifier/kind.js';
export { classificationReport, type ClassificationReport } from './metrics/classification.js';
export {
  costOfAttention,
  type AdditiveProblem,
  type AttentionCost,
  type AttentionProblem,
  type DotProductProblem,
} from './cost/attention-cost.js';
export { costOfModel, type ModelCost, type ModelProblem, type Parts } from './cost/model-cost.js';
export type { Cost, Work } from './cost/tally.js';
export type { AnsweredStory, Story } from './memory/batch.js';
export type { HopAttention, MemoryConfig } from './memory/config.js';
export { isSameAnswer, memory } from './memory/kind.js';
export { createMemoryNetwork, type MemoryNetwork } from './memory/memory-network.js';
export type { StoryAnswer } from './memory/read.js';
