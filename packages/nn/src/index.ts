export {
  addBias,
  addResidual,
  countOf,
  coverageLoss,
  crossEntropy,
  eachStep,
  gelu,
  LEAST_ATTENTION,
  logAddExp,
  logSigmoid,
  lookup,
  lookupSums,
  maxoutLayer,
  mixtureLogits,
  rectifiedLayer,
  tanhLayer,
  toPositions,
  toSteps,
  type Direction,
  type Ids,
} from '@heed/core/model-ops';
export { equalIds, pad, teachingBatch, type PaddedIds, type Sequences, type TeachingBatch } from './layers/batch.js';
export { BoundParameters } from './layers/bound-parameters.js';
export { type Cell, type CellKind, CELLS, createCell } from './layers/cell.js';
export { createCopyGate } from './layers/copy-gate.js';
export { CopyTable } from './layers/copy-table.js';
export { dataOf } from './layers/data-of.js';
export { dense } from './layers/dense.js';
export { createDropout, type Dropout } from './layers/dropout.js';
export { embed, embedStep, LARGE_ALPHABET } from './layers/embed.js';
export {
  createEncoder,
  createReader,
  type Encoded,
  type Encoder,
  type Read,
  type Reader,
  type ReaderConfig,
} from './layers/encoder.js';
export { entropyOf } from './layers/entropy.js';
export {
  createFeedForward,
  type Activation,
  type FeedForward,
  type FeedForwardOptions,
} from './layers/feed-forward.js';
export { createLayerNorm, type LayerNorm } from './layers/layer-norm.js';
export { meanPooling } from './layers/mean-pooling.js';
export { adoptMechanism, fitted } from './layers/mechanism.js';
export { type Pair, PairCoder } from './layers/pair-coder.js';
export { Parameters, type ParameterTable, type ParameterValues, withParameters } from './layers/parameters.js';
export { repeatedProduct } from './layers/repeated-product.js';
export {
  createInputKernels,
  type InputKernels,
  project,
  projectWithBias,
  repeatedProjection,
} from './layers/projection.js';
export { toRows, toSequences } from './layers/rows.js';
export { layers, parseConfig, seed, share, symbols, width, withPresentNames } from './layers/schema.js';
export { scanCell } from './layers/scan-cell.js';
export { tidy } from './layers/tidy.js';
export {
  type AttentionSublayer,
  type BlockPass,
  createAttentionSublayer,
  createFeedForwardSublayer,
  type FeedForwardSublayer,
  throughBlock,
  type TransformerBlock,
} from './layers/transformer-block.js';
export { encodeByBlocks, type EncodeOptions } from './layers/transformer-encoder.js';
export { BOUNDARY, Vocabulary } from './layers/vocabulary.js';
export { stepsWhileAlive, whileAlive } from './layers/while-alive.js';
export type { Graph, GraphTensor, GraphTensors, GraphType } from './graphs/graph.js';
export { guardedGraphs } from './graphs/guarded.js';
export { numbered, under, within } from './graphs/names.js';
export { outputsOf } from './graphs/outputs-of.js';
export { decodeModel, encodeModel, type DecodeModelOptions, type ReadOptions } from './runs/model-file.js';
export type { LockHolder, RunFolder, RunLock } from './runs/run-folder.js';
export type { RunDescription, RunInfo, RunProgress } from './runs/run-info.js';
export {
  createRun,
  type CreateRunOptions,
  holdsRun,
  type OpenedRun,
  openRun,
  type OpenRunOptions,
  readRunInfo,
  resumeRun,
  type ResumeRunOptions,
  type Run,
  type RunTrainOptions,
} from './runs/run.js';
export { breathe, pauses } from './training/breathe.js';
export {
  checkNetworks,
  findNetwork,
  parseNetworkConfig,
  type ConfigOf,
  type ExampleOf,
  type ModelOf,
  type NetworkOptions,
} from './training/networks.js';
export {
  type BatchSizes,
  checkLossOptions,
  type LossOptions,
  type Network,
  type Scores,
  type Trainable,
} from './training/trainable.js';
export type { Best, Evaluation, TrainerState } from './training/trainer-state.js';
export type { Outcome, Progress, RunOptions } from './training/run-loop.js';
export { createTrainer, type Trainer, type TrainingExamples } from './training/trainer.js';
export type { TrainingConfig } from './training/training-config.js';
