export { createRun, openRun, readRunInfo, resumeRun } from './node/run.js';
export type { CreateRunOptions, ResumeRunOptions, Run, RunTrainOptions } from './node/run.js';
export type { RunDescription, RunInfo, RunProgress } from './run-info.js';
