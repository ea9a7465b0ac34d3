export type { MechanismConfig } from './config.js';
export { createMechanism, MECHANISM_KINDS } from './create.js';
export { glorotNormal, glorotUniform, type KernelInitializer, type RandomSource } from './initializers.js';
export type { AttendOptions, Attended, AttentionMechanism, PrepareOptions, PreparedMemory } from './mechanism.js';
export { additive, scoreVector, type AdditiveConfig, type AdditiveOptions } from './mechanisms/additive.js';
export { concat, type ConcatConfig, type ConcatOptions } from './mechanisms/concat.js';
export { cosine, type CosineConfig, type CosineOptions } from './mechanisms/cosine.js';
export { dot, type DotConfig, type DotOptions } from './mechanisms/dot.js';
export { general, type GeneralConfig, type GeneralOptions } from './mechanisms/general.js';
export { multiHead, type MultiHeadConfig, type MultiHeadOptions } from './mechanisms/multi-head.js';
export {
  scaledDotProduct,
  type ScaledDotProductConfig,
  type ScaledDotProductOptions,
} from './mechanisms/scaled-dot-product.js';
export type { Weights } from './parameters.js';
export { rotary, type RotaryConfig, type RotaryOptions } from './positions/rotary.js';
export { sinusoidal, type SinusoidalOptions } from './positions/sinusoidal.js';
export { selfAttend, type SelfAttendOptions } from './self-attend.js';
export { alibi, alibiSlopes, relativePosition } from '@heed/core';
