export { fuzz, type FuzzFailure, type FuzzOptions, type FuzzReport } from './fuzz.js';
