export type { Dataset, DatasetSummary, Example, LoadOptions, Task } from './dataset.js';
export { loadG2p, type G2pOptions } from './g2p.js';
export { findTask, tasks } from './tasks.js';
