export {
  createCaptioner,
  type AugmentPurpose,
  type Caption,
  type Captioned,
  type Captioner,
  type CaptionerOptions,
  type Pictured,
  type WatchedCaption,
} from './captioner/captioner.js';
export type {
  CaptionerConfig,
  ConvolutionalGrid,
  PatchGrid,
  RecurrentCaption,
  TransformerCaption,
} from './captioner/config.js';
export { captioner, captionerOf, type CaptionExample } from './captioner/kind.js';
export type { Pixels, Shown } from './captioner/picture.js';
export type { Text } from './classifier/batch.js';
export { type Classification, type Classifier, createClassifier, type LabelledText } from './classifier/classifier.js';
export type { ClassifierConfig, EncoderChoice, PoolingChoice, Subwords } from './classifier/config.js';
export { classifier } from './classifier/kind.js';
export { costOfModel, type ModelCost } from './cost/model-cost.js';
export type { BeamOptions } from './decoding/beam.js';
export type { GreedyOptions } from './decoding/greedy.js';
export type { Hypothesis } from './decoding/hypothesis.js';
export type { Candidate, WatchedStep, WatchOptions } from './decoding/watch.js';
export type { EncoderDecoder, Taught } from './encoder-decoder.js';
export {
  evaluate,
  reportOf,
  type Evaluated,
  type EvaluateOptions,
  type EvaluationReport,
  type Predictor,
} from './evaluate.js';
export { NETWORKS, type KnownNetwork } from './networks.js';
export type { TextSequence } from './language/batch.js';
export type { LanguageConfig, LstmLanguageConfig, TransformerLanguageConfig } from './language/config.js';
export { textFigures, type TextFigures } from './language/figures.js';
export { draw } from './language/draw.js';
export { greatest } from './language/greatest.js';
export type { GeneratedSymbol, GenerateOptions } from './language/generate.js';
export { language } from './language/kind.js';
export { createLanguageModel, type LanguageModel, type SurprisalOptions } from './language/language-model.js';
export { nGram, type NGramOptions } from './language/n-gram.js';
export { checkSampling, type CheckedSampling, type SamplingOptions } from './language/sampling.js';
export type { BlockTrace, TextTrace } from './language/trace.js';
export type { AnsweredStory, Story } from './memory/batch.js';
export type { HopAttention, MemoryConfig } from './memory/config.js';
export { isSameAnswer, memory } from './memory/kind.js';
export { createMemoryNetwork, type MemoryNetwork } from './memory/memory-network.js';
export type { StoryAnswer } from './memory/read.js';
export type { AttentionChoice, Seq2SeqConfig } from './recurrent/config.js';
export { recurrent, recurrentOf } from './recurrent/kind.js';
export { type Preset, presets } from './recurrent/presets.js';
export { createSeq2Seq, type Seq2Seq } from './recurrent/seq2seq.js';
export type { TransformerConfig } from './transformer/config.js';
export { transformer } from './transformer/kind.js';
export { createTransformer, type Transformer } from './transformer/transformer.js';
export { takesMechanisms, withMechanisms } from './with-mechanisms.js';
export type { ShownHeads } from './shown-heads.js';
export { headLayers, switchOffHeads, type HeadLayer, type HeadPlace } from './heads.js';
