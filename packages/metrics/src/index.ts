export { alignmentErrors, type AlignmentErrors, alignmentRates, type AlignmentRates } from './alignment.js';
export { positionalBaseline } from './baseline.js';
export type { BleuTokenization } from './bleu-tokens.js';
export { type Bleu, type BleuOptions, corpusBleu } from './bleu.js';
export { type ChrfOptions, corpusChrf } from './chrf.js';
export { corpusCider } from './cider.js';
export { classificationReport, type ClassificationReport } from './classification.js';
export { editDistance } from './levenshtein.js';
export { errorRates, type ErrorRates, monotonicity, outputErrors, type OutputErrors } from './metrics.js';
export type { Example } from './example.js';
export {
  type Binning,
  calibrationReport,
  type CalibrationReport,
  type Judged,
  type ReliabilityBin,
} from './calibration.js';
export { fitLogistic, type Logistic, logisticProbability } from './logistic.js';
export { percentOf } from './percent.js';
export { attentionRollout, type LayerWeights, type RolloutOptions } from './rollout.js';
