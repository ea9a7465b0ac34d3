export { asked } from './asked.js';
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
export type {
  AnyConfig,
  Body,
  CompareCall,
  MechanismDefinition,
  SeenStep,
  StateDefinition,
  Widths,
} from './definition.js';
export type { Between, Weigh, Weighed } from './weigh.js';
export { asIs, projected, type Fit, type FittedOptions, type Place } from './fit.js';
export { arXiv, type Formula, type Paper } from './formula.js';
export { glorotNormal, glorotUniform, type KernelInitializer, type RandomSource } from './initializers.js';
export type {
  AttendOptions,
  Attended,
  AttentionMechanism,
  AttentionParts,
  MemoryTensors,
  PartsOptions,
  PrepareOptions,
  PreparedMemory,
  RestoreOptions,
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
export { coverageGru, type CoverageGruConfig, type CoverageGruOptions } from './mechanisms/coverage-gru.js';
export {
  coverageLinguistic,
  type CoverageLinguisticConfig,
  type CoverageLinguisticOptions,
} from './mechanisms/coverage-linguistic.js';
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
export { forward, type ForwardConfig, type ForwardOptions } from './mechanisms/forward.js';
export { gmm, type GmmConfig, type GmmOptions } from './mechanisms/gmm.js';
export { linear, type LinearConfig, type LinearOptions } from './mechanisms/linear.js';
export { gatedDelta, type GatedDeltaConfig, type GatedDeltaOptions } from './mechanisms/gated-delta.js';
export { retention, type RetentionConfig, type RetentionOptions } from './mechanisms/retention.js';
export { localM, type LocalMConfig, type LocalMOptions } from './mechanisms/local-m.js';
export { localP, type LocalPConfig, type LocalPOptions } from './mechanisms/local-p.js';
export {
  locationSensitive,
  type LocationSensitiveConfig,
  type LocationSensitiveOptions,
} from './mechanisms/location-sensitive.js';
export { mocha, type MochaConfig, type MochaOptions } from './mechanisms/mocha.js';
export { monotonic, type MonotonicConfig, type MonotonicOptions } from './mechanisms/monotonic.js';
export {
  stepwiseMonotonic,
  type StepwiseMonotonicConfig,
  type StepwiseMonotonicOptions,
} from './mechanisms/stepwise-monotonic.js';
export { visualSentinel, type VisualSentinelConfig, type VisualSentinelOptions } from './mechanisms/visual-sentinel.js';
export type { ParameterSpec, Weights } from './parameters.js';
export { rotary, type RotaryOptions, type RotaryPlaces } from './positions/rotary.js';
export { TableTurning, turningAnew, type Turned, type Turning } from './positions/turning.js';
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
export { rmsNorm } from './rms-norm.js';
export { sinusoidal, type SinusoidalOptions } from './positions/sinusoidal.js';
export { selfAttend, type SelfAttendOptions } from './self-attend.js';
export { gatherState, restoreState, type AttentionState } from './state.js';
export { alibi, alibiSlopes, relativePosition } from '@heed/core';
