export { MAPPED_MECHANISMS } from './mappings/index.js';
export { parseVectors, readVectors, type ReadFile } from './parse-vectors.js';
export { runVectors, type VectorOptions } from './run-vectors.js';
export type { GivenTensor, VectorCase } from './vector-case.js';
