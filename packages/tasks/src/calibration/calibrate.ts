import { sample } from '@heed/base';
import type { Dataset } from '@heed/datasets';
import { calibrationReport, type CalibrationReport } from '@heed/metrics';
import type { ExampleOf, ModelOf, Network } from '@heed/nn';
import type { AnswerOptions, Evidence, ExampleIn, JudgeOptions, Task } from '../task.js';
import type { Calibration } from './calibration.js';
import { confidenceOf, fitConfidence } from './confidence.js';
import { describeInputs } from './known-inputs.js';

export interface CalibrateOptions extends Pick<JudgeOptions, 'signal' | 'onProgress'> {
  /** Seed that draws the validation examples. */
  readonly seed: number;
  /** Greatest number of validation examples that are answered. Default 1000. */
  readonly most?: number;
  /** Time after which no more are answered, in seconds. Default 60. */
  readonly seconds?: number;
}

// Fewer answers tell hardly more than whether most are right.
const LEAST_ANSWERS = 30;
// Enough texts to count pairs of characters in, and few enough to take seconds.
const MOST_COUNTED = 20_000;
// Examples between two looks at the clock and the signal.
const BATCH_SIZE = 32;
// Length of a beginning to write on from; validation texts of such tasks are long windows, and short texts vary more than long ones.
const PROMPT = 24;

/**
 * Calibrates a trained model on the validation part of its data: the confidence of its answers where they are right or wrong, and
 * what inputs it knows.
 *
 * @returns all but the fingerprint of the model's file; undefined where the signal cut it short
 * @throws HeedError as the task's `answer`
 */
export async function calibrate<N extends Network, Input, Data extends Dataset<ExampleOf<N> & Input>>(
  task: Task<N, Input, Data>,
  model: ModelOf<N>,
  data: Data,
  { seed, most = 1000, ...options }: CalibrateOptions,
): Promise<Omit<Calibration, 'formatVersion' | 'model'> | undefined> {
  const outputs = task.outputs?.(data);
  const examples = sample<ExampleIn<Data>>(data.validation, most, seed);
  const isJudged = examples.some((example) => task.expected(example).length > 0);
  const answers = isJudged ? await answersOf(task, model, examples, { ...options, ...(outputs && { outputs }) }) : [];
  if (options.signal?.aborted === true) return undefined;
  const { reads = task.write } = task;
  const validation = data.validation.map((example: ExampleIn<Data>) => reads(example));
  const training = data.train.map((example: ExampleIn<Data>) => reads(example));
  return {
    examples: answers.length,
    ...(answers.length >= LEAST_ANSWERS && { confidence: fitConfidence(answers) }),
    inputs: describeInputs(
      training,
      isJudged ? validation : validation.map((text) => [...text].slice(0, PROMPT).join('')),
      sample(training, MOST_COUNTED, seed),
    ),
    ...(outputs && { outputs: Object.fromEntries(Object.entries(outputs).map(([kind, of]) => [kind, [...of]])) }),
  };
}

/** How far the confidence of answers is from their being right. */
export interface ConfidenceReport {
  readonly examples: number;
  /** Reliability of the probabilities that the model gives to its outputs. */
  readonly before: CalibrationReport;
  /** Reliability of the calibrated confidence. */
  readonly after: CalibrationReport;
}

/**
 * Reliability of a calibrated model's confidence on examples, which should be others than those it was calibrated on.
 *
 * @returns undefined for a calibration without confidence, and without examples
 * @throws HeedError as the task's `answer`
 */
export async function judgeConfidence<N extends Network, Input, Data extends Dataset<ExampleOf<N> & Input>>(
  task: Task<N, Input, Data>,
  model: ModelOf<N>,
  examples: readonly ExampleIn<Data>[],
  { confidence, outputs }: Pick<Calibration, 'confidence' | 'outputs'>,
  options: AnsweringOptions = {},
): Promise<ConfidenceReport | undefined> {
  if (confidence === undefined) return undefined;
  const answers = await answersOf(task, model, examples, { ...options, ...(outputs && { outputs }) });
  if (answers.length === 0) return undefined;
  const report = (tell: (evidence: Evidence) => number): CalibrationReport =>
    calibrationReport(answers.map(({ evidence, correct }) => ({ confidence: tell(evidence), correct })));
  return {
    examples: answers.length,
    before: report(({ probability }) => probability),
    after: report((evidence) => confidenceOf(confidence, evidence)),
  };
}

interface AnsweringOptions
  extends Pick<AnswerOptions, 'beam' | 'outputs'>, Pick<CalibrateOptions, 'seconds' | 'signal' | 'onProgress'> {}

/** Evidence of the answers to examples, and whether each is right; fewer where time runs out or the signal says so. */
async function answersOf<N extends Network, Input, Data extends Dataset<ExampleOf<N> & Input>>(
  task: Task<N, Input, Data>,
  model: ModelOf<N>,
  examples: readonly ExampleIn<Data>[],
  { seconds = 60, signal, onProgress, ...options }: AnsweringOptions,
): Promise<{ evidence: Evidence; correct: boolean }[]> {
  const answers: { evidence: Evidence; correct: boolean }[] = [];
  const end = performance.now() + 1000 * seconds;
  for (let start = 0; start < examples.length; start += BATCH_SIZE) {
    if (signal?.aborted === true || performance.now() > end) break;
    const batch = examples.slice(start, start + BATCH_SIZE);
    const found = await task.answer(model, batch, options);
    found.forEach(({ output, evidence }, n) => {
      if (evidence !== undefined) answers.push({ evidence, correct: task.expected(batch[n]).includes(output) });
    });
    onProgress?.({ done: Math.min(start + BATCH_SIZE, examples.length), total: examples.length });
  }
  return answers;
}
