export { ERROR_CODES, HeedError, type ErrorCode, type HeedErrorOptions } from './errors.js';
export { firstNotFinite } from './finite.js';
export { fnv1a } from './fnv1a.js';
export { checkFlag, checkOptions, nearestName, show, suggestion, type OptionNames } from './options.js';
export { checkName, nameHint } from './names.js';
export type { PackageReader } from './package-files.js';
export { philox4x32 } from './philox.js';
export { STREAMS, normals, philoxKey, sample, shuffle, uniform, uniformAt, wordsAt, type Purpose } from './random.js';
