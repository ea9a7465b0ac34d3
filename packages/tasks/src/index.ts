export { caption } from './caption/caption.js';
export type { CaptionInput } from './caption/captioned.js';
export { generate } from './generate/generate.js';
export { dates } from './dates/dates.js';
export { g2p } from './g2p/g2p.js';
export { names } from './names/names.js';
export { classifying, type ClassifierInput } from './classification.js';
export { calibrate, judgeConfidence, type CalibrateOptions, type ConfidenceReport } from './calibration/calibrate.js';
export { parseCalibration, type Calibration } from './calibration/calibration.js';
export type { Unlike } from './calibration/known-inputs.js';
export { trustIn, type Trust } from './calibration/trust.js';
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
  Evidence,
  ExampleIn,
  Judgement,
  JudgeOptions,
  Metric,
  OutputsByKind,
  PicturesOfTask,
  Preset,
  Task,
} from './task.js';
export type { TextInput } from './text/answer.js';
export { findTask, tasks } from './tasks.js';
export { writing } from './text/writing.js';
export { translate } from './translate/translate.js';
export { video, type VideoInput } from './video/video.js';
export { keptSettings, ownTask } from './own/kept.js';
export { ownKinds } from './own/own-kinds.js';
export type { OwnKind, TaskFiles, TaskFolder } from './own/own-kind.js';
export { defineCaptions, type CaptionsTask, type CaptionsTaskOptions } from './own/captions.js';
export { definePairs, type PairInput, type PairsTask, type PairsTaskOptions } from './own/pairs.js';
export { defineLabels, type LabelsTask, type LabelsTaskOptions } from './own/labels.js';
export { defineText, type TextTask, type TextTaskOptions } from './own/text.js';
