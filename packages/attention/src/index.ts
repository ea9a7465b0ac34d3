export { bindMechanism } from './bind.js';
export type { BoundMechanism } from './build.js';
export type { Comparison } from './comparison.js';
export {
  costOfAttention,
  type AdditiveProblem,
  type AttentionCost,
  type AttentionProblem,
  type DotProductProblem,
} from './cost/attention-cost.js';
export { checkCounts } from './cost/attention-cost.js';
export { costOfMechanism } from './cost/mechanism-cost.js';
export type { MechanismUse } from './cost/mechanism-use.js';
export { createTally, totalOf, type Cost, type Product, type Tally, type Work } from './cost/tally.js';
export { createMechanism } from './create.js';
export type { AnyConfig, Body, CompareCall, MechanismDefinition, StateDefinition, Widths } from './definition.js';
export { asIs, projected, type Fit, type FittedOptions, type Place } from './fit.js';
export { arXiv, type Formula, type Paper } from './formula.js';
export { glorotNormal, glorotUniform, type KernelInitializer, type RandomSource } from './initializers.js';
export type {
  AttendOptions,
  Attended,
  AttentionMechanism,
  AttentionParts,
  PartsOptions,
  PrepareOptions,
  PreparedMemory,
} from './mechanism.js';
export { eluFeatures, linearWeights, unitVectors } from './features.js';
export { factsOf, type MechanismFacts } from './mechanism-facts.js';
export {
  MECHANISMS,
  MECHANISM_KINDS,
  definitionOf,
  findDefinition,
  type MechanismChoice,
  type MechanismConfig,
  type MechanismKind,
  type MechanismOptions,
} from './mechanisms.js';
export { additive, type AdditiveConfig, type AdditiveOptions } from './mechanisms/additive.js';
export { concat, type ConcatConfig, type ConcatOptions } from './mechanisms/concat.js';
export { cosine, type CosineConfig, type CosineOptions } from './mechanisms/cosine.js';
export { coverage, type CoverageConfig, type CoverageOptions } from './mechanisms/coverage.js';
export { differential, type DifferentialConfig, type DifferentialOptions } from './mechanisms/differential.js';
export { dot, type DotConfig, type DotOptions } from './mechanisms/dot.js';
export { general, type GeneralConfig, type GeneralOptions } from './mechanisms/general.js';
export { latent, type LatentConfig, type LatentOptions } from './mechanisms/latent.js';
export { multiHead, type MultiHeadConfig, type MultiHeadOptions } from './mechanisms/multi-head.js';
export { multiToken, type MultiTokenConfig, type MultiTokenOptions } from './mechanisms/multi-token.js';
export {
  scaledDotProduct,
  type ScaledDotProductConfig,
  type ScaledDotProductOptions,
} from './mechanisms/scaled-dot-product.js';
export { twoSimplicial, type TwoSimplicialConfig, type TwoSimplicialOptions } from './mechanisms/two-simplicial.js';
export type { ParameterSpec, Weights } from './parameters.js';
export { rotary, type RotaryOptions } from './positions/rotary.js';
export type { RotaryConfig } from './positions/rotary-config.js';
export {
  rotaryFrequencies,
  type RotaryFrequencies,
  type RotaryFrequencyOptions,
} from './positions/rotary-frequencies.js';
export type {
  DynamicScaling,
  LinearScaling,
  Llama3Scaling,
  NtkScaling,
  RotaryScaling,
  YarnScaling,
} from './positions/rotary-scaling.js';
export { sinusoidal, type SinusoidalOptions } from './positions/sinusoidal.js';
export { selfAttend, type SelfAttendOptions } from './self-attend.js';
export { gatherState, type AttentionState } from './state.js';
export { alibi, alibiSlopes, relativePosition } from '@heed/core';
