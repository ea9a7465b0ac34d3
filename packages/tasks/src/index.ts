export { generate } from './generate/generate.js';
export { dates } from './dates/dates.js';
export { g2p } from './g2p/g2p.js';
export { names } from './names/names.js';
export { classifying, type ClassifierInput } from './classification.js';
export { defineTask } from './define-task.js';
export { sentiment } from './sentiment/sentiment.js';
export { spam } from './spam/spam.js';
export { qa } from './qa/qa.js';
export { sequencing, type SequenceInput } from './recurrent.js';
export type {
  Answer,
  AnswerOptions,
  Baseline,
  DataOf,
  ExampleIn,
  Judgement,
  JudgeOptions,
  Metric,
  Preset,
  Task,
} from './task.js';
export type { TextInput } from './text/answer.js';
export { findTask, tasks } from './tasks.js';
export { writing } from './text/writing.js';
export { translate } from './translate/translate.js';
