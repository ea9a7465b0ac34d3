export type { EmbedOptions } from './embedding/embed.js';
export { moduleFiles, type EmbeddingSettings } from './embedding/modules.js';
export type { Pooling } from './embedding/pool.js';
export type { PretrainedFiles } from './files/pretrained-files.js';
export type { Family } from './families/family.js';
export { ARCHITECTURES } from './families/index.js';
export type { Generated } from './generation/generate.js';
export type { GenerateOptions } from './generation/options.js';
export { loadPretrained, MOST_BYTES, type LoadPretrainedOptions } from './load-pretrained.js';
export type { LoraAdapter } from './lora/adapter.js';
export { loadLora } from './lora/load-lora.js';
export { lora, type LoraOptions } from './lora/lora.js';
export { PretrainedModel, type CopyOptions } from './model.js';
export { predictionOf, type Guess, type Likeness, type Prediction } from './prediction.js';
export type { Inputs, Outputs, RunOptions } from './networks/network.js';
export type { Values } from './networks/values.js';
export type { Ids } from './networks/tokens.js';
export { decodePicture, type PictureLike, type RgbPicture } from '@heed/pictures';
export { seenPicture } from './processors/seen-picture.js';
export type { Processor } from './processors/processor.js';
export type { Sound } from './sounds/sound.js';
export { decodeWav } from './sounds/wav.js';
export {
  Tokenizer,
  type BatchEncoding,
  type DecodeOptions,
  type EncodeOptions,
  type Encoding,
} from './tokens/tokenizer.js';
export { checkPretrained, type CheckPretrainedOptions, type PretrainedReport } from './check/check-pretrained.js';
export type { CheckResult } from './check/result.js';
export {
  pretrainedClassifier,
  type PretrainedClassifier,
  type PretrainedClassifierConfig,
} from './training/classifier.js';
export { pretrainedLanguage, type PretrainedLanguage, type PretrainedLanguageConfig } from './training/language.js';
export type { Tuned } from './training/tuned.js';
