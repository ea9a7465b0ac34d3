export type { PretrainedFiles } from './files/pretrained-files.js';
export { ARCHITECTURES } from './families/index.js';
export { loadPretrained, type LoadPretrainedOptions } from './load-pretrained.js';
export { PretrainedModel } from './model.js';
export type { Inputs, Outputs, RunOptions } from './networks/network.js';
export type { Ids } from './networks/tokens.js';
export { Tokenizer, type DecodeOptions, type EncodeOptions, type Encoding } from './tokens/tokenizer.js';
export { checkPretrained, type CheckPretrainedOptions, type PretrainedReport } from './check/check-pretrained.js';
export type { CheckResult } from './check/result.js';
