export { resolveOffsets, type Alignment } from './alignment.js';
export * from './backend.js';
export { alibi, alibiSlopes, relativePosition, sumOf, type Bias } from './bias.js';
export { ERROR_CODES, HeedError, type ErrorCode, type HeedErrorOptions } from './errors.js';
export { both, causal, dense, padding, segments, slidingWindow, type Mask } from './mask.js';
export { dropoutFactor, philox4x32 } from './philox.js';
