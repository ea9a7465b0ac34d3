export { generate } from './generate/generate.js';
export { dates } from './dates/dates.js';
export { g2p } from './g2p/g2p.js';
export { names } from './names/names.js';
export type { SequenceInput } from './recurrent.js';
export type { Answer, AnswerOptions, Baseline, Judgement, JudgeOptions, Metric, Preset, Task } from './task.js';
export type { TextInput } from './text/answer.js';
export { findTask, tasks } from './tasks.js';
