export { createRun, openRun, readRunInfo, resumeRun, runFolder } from './node/run.js';
export type { CreateRunOptions, ResumeRunOptions, Run, RunTrainOptions } from './run.js';
export type { RunDescription, RunInfo, RunProgress } from './run-info.js';
