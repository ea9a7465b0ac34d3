import { HeedError } from '@heed/base';
import * as v from 'valibot';

const text = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const share = v.pipe(finite, v.minValue(0), v.maxValue(1));
const figures = v.record(text, finite);

/** Name of one of several test sets; absent where there is one. */
const testSet = v.optional(text);

const judged = v.strictObject({
  split: v.picklist(['test', 'validation']),
  testSet,
  beam: v.pipe(count, v.minValue(1)),
  examples: count,
  figures,
});

const metric = v.strictObject({
  key: text,
  label: text,
  format: v.picklist(['share', 'number']),
  better: v.picklist(['lower', 'higher']),
  /** Kind of inputs that it is a figure of, as a language; absent where it is of all. */
  among: v.optional(text),
});

const schema = v.strictObject({
  formatVersion: v.literal(2),
  name: text,
  task: text,
  title: text,
  description: text,
  limits: v.array(text),
  licence: text,
  /** Data that it learnt from; somebody's own have no address. `counts` are their numbers of examples, by part and otherwise. */
  data: v.strictObject({
    title: text,
    url: v.optional(text),
    licence: text,
    version: text,
    counts: v.optional(v.record(text, finite)),
  }),
  /** Kind of model, in words for people. */
  architecture: text,
  parameters: count,
  seed: count,
  /** Training steps. The model is shipped as it was after step `bestStep`, when it was best on validation examples. */
  steps: count,
  bestStep: count,
  trainingSeconds: v.pipe(finite, v.minValue(0)),
  /** Versions of what trained it, by name: 'heed', 'node'. */
  versions: v.optional(v.record(text, text)),
  /** Command that trains the model again: to the same bits with the code of that date, on the same kind of processor. */
  command: text,
  file: v.strictObject({ name: text, bytes: count, sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }),
  /** Name of the examples, in the plural: 'words'. */
  unit: text,
  /** Input to try first. */
  example: text,
  /** Options of its answers: the beam of a search, or the seed and other settings of sampling. */
  options: v.array(v.picklist(['beam', 'sampling'])),
  /** Descriptions of the figures, the most important first. */
  metrics: v.array(metric),
  evaluations: v.pipe(v.array(judged), v.minLength(1)),
  /**
   * How far confidence is from the share of right answers, on average: of the model's own probabilities, and once they are calibrated.
   * Absent where no answer is right or wrong.
   */
  confidence: v.optional(
    v.strictObject({
      split: v.picklist(['test', 'validation']),
      examples: count,
      expectedCalibrationError: v.strictObject({ before: share, after: share }),
    }),
  ),
  /** Figures of methods without training, for comparison. */
  baselines: v.array(v.strictObject({ title: text, testSet, examples: count, figures })),
});

/** Facts that somebody needs before using a model: data, limits, licence, figures. */
export type ModelCard = v.InferOutput<typeof schema>;

/**
 * Reads a model card.
 *
 * @throws HeedError FILE_INVALID when it isn't one
 */
export function parseCard(json: string): ModelCard {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new HeedError('FILE_INVALID', { message: 'the model card is not JSON', cause });
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new HeedError('FILE_INVALID', {
    message: `the model card: '${v.getDotPath(issue) ?? ''}' is wrong: ${issue.message.slice(0, 200)}`,
  });
}

/** A figure as text: a share in per cent, with one more digit close to 0 and to 1; a dash when the figure is undefined. */
export function formatFigure(value: number | undefined, format: 'share' | 'number'): string {
  if (value === undefined) return '–';
  if (format === 'number') return value.toFixed(2);
  const isClose = value !== 0 && value !== 1 && (value < 0.005 || value > 0.995);
  return `${(100 * value).toFixed(isClose ? 2 : 1)} %`;
}
