import type { Mapping } from '../mapping.js';
import { mapAdaptiveSpan } from './adaptive-span.js';
import { mapDifferential } from './differential.js';
import { mapEntmaxAlpha } from './entmax-alpha.js';
import { mapFlexAttention } from './flex-attention.js';
import { mapGated } from './gated.js';
import { mapMla } from './mla.js';
import { mapMultiToken } from './multi-token.js';
import { mapQkNorm } from './qk-norm.js';
import { KERAS_MAPPINGS } from './keras-layer.js';
import { mapLinear } from './linear.js';
import { RECURRENT_MAPPINGS } from './recurrent.js';
import { mapCoverage, mapCoverageGru, mapCoverageLinguistic } from './coverage.js';
import { mapForward } from './forward.js';
import { mapGmm } from './gmm.js';
import { mapLocationSensitive } from './location-sensitive.js';
import { mapLuongLocalM, mapLuongLocalP } from './luong-local.js';
import { mapMochaHard, mapMochaSoft, mapMonotonicHard, mapMonotonicSoft, mapStepwiseMonotonic } from './monotonic.js';
import { mapRotary } from './rotary.js';
import { mapScaledDotProduct } from './scaled-dot-product.js';
import { mapSigmoid } from './sigmoid.js';
import { mapSinkLogit } from './sink-logit.js';
import { mapStreamingSinks } from './streaming-sinks.js';
import { mapLanguageModel } from './torch-language-model.js';
import { mapMultiHeadAttention } from './torch-multi-head.js';
import { TORCH_RECURRENT_MAPPINGS } from './torch-recurrent.js';
import { TORCH_TRANSFORMER_MAPPINGS } from './torch-transformer.js';
import { mapTalkingHeads } from './talking-heads.js';
import { mapTwoSimplicial } from './two-simplicial.js';
import { mapVisualSentinel } from './visual-sentinel.js';

/** How the cases of each mechanism are computed. */
export const MAPPINGS: Readonly<Record<string, Mapping>> = {
  rotary: mapRotary,
  flex_attention: mapFlexAttention,
  'F.scaled_dot_product_attention': mapScaledDotProduct,
  'nn.MultiheadAttention': mapMultiHeadAttention,
  ...TORCH_TRANSFORMER_MAPPINGS,
  ...TORCH_RECURRENT_MAPPINGS,
  'tied language model': mapLanguageModel,
  'adaptive-span': mapAdaptiveSpan,
  differential: mapDifferential,
  'entmax-alpha': mapEntmaxAlpha,
  gated: mapGated,
  mla: mapMla,
  'multi-token': mapMultiToken,
  'qk-norm': mapQkNorm,
  sigmoid: mapSigmoid,
  'sink-logit': mapSinkLogit,
  'streaming-sinks': mapStreamingSinks,
  'talking-heads': mapTalkingHeads,
  'two-simplicial': mapTwoSimplicial,
  linear: mapLinear,
  ...RECURRENT_MAPPINGS,
  coverage: mapCoverage,
  'coverage-gru': mapCoverageGru,
  'coverage-linguistic': mapCoverageLinguistic,
  forward: mapForward,
  gmm: mapGmm,
  'location-sensitive': mapLocationSensitive,
  'luong-local-m': mapLuongLocalM,
  'luong-local-p': mapLuongLocalP,
  'mocha-hard': mapMochaHard,
  'mocha-soft': mapMochaSoft,
  'monotonic-hard': mapMonotonicHard,
  'monotonic-soft': mapMonotonicSoft,
  'stepwise-monotonic': mapStepwiseMonotonic,
  'visual-sentinel': mapVisualSentinel,
  ...KERAS_MAPPINGS,
};

/** Mechanisms whose cases Heed can compute. */
export const MAPPED_MECHANISMS: readonly string[] = Object.keys(MAPPINGS);
