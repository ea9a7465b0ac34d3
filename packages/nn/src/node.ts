export { createRun, openRun, readRunInfo, resumeRun, runFolder } from './runs/node/run.js';
export type { CreateRunOptions, OpenRunOptions, ResumeRunOptions, Run, RunTrainOptions } from './runs/run.js';
export type { RunDescription, RunInfo, RunProgress } from './runs/run-info.js';
export type { LockHolder } from './runs/run-folder.js';
