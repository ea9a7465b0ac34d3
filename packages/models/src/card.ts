import { HeedError } from '@heed/base';
import * as v from 'valibot';

const text = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const figures = v.record(text, finite);

const judged = v.strictObject({
  split: v.picklist(['test', 'validation']),
  beam: v.pipe(count, v.minValue(1)),
  examples: count,
  figures,
});

const metric = v.strictObject({
  key: text,
  label: text,
  format: v.picklist(['share', 'number']),
  better: v.picklist(['lower', 'higher']),
});

const schema = v.strictObject({
  formatVersion: v.literal(2),
  name: text,
  task: text,
  title: text,
  description: text,
  limits: v.array(text),
  licence: text,
  data: v.strictObject({ title: text, url: text, licence: text, version: text }),
  /** What kind of model it is, for people. */
  architecture: text,
  parameters: count,
  seed: count,
  /** Of training, and after how many of them the model was best on validation examples: it is shipped as it was then. */
  steps: count,
  bestStep: count,
  trainingSeconds: v.pipe(finite, v.minValue(0)),
  /** What trains it again: to the same bits with the code of its time, on the same kind of processor. */
  command: text,
  file: v.strictObject({ name: text, bytes: count, sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }),
  /** What examples are, in the plural. */
  unit: text,
  /** An input to try. */
  example: text,
  /** What its answers take: beams of a search, a seed and more of sampling. */
  options: v.array(v.picklist(['beam', 'sampling'])),
  /** What the figures are, the most important first. */
  metrics: v.array(metric),
  evaluations: v.pipe(v.array(judged), v.minLength(1)),
  /** What needs no training, for comparison. */
  baselines: v.array(v.strictObject({ title: text, examples: count, figures })),
});

/** What somebody has to know before using a model. */
export type ModelCard = v.InferOutput<typeof schema>;

/** @throws HeedError FILE_INVALID */
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

/** A figure as people read it, a share as per cent; a dash for one that there isn't. Close to 0 and to 1 it has a digit more. */
export function formatFigure(value: number | undefined, format: 'share' | 'number'): string {
  if (value === undefined) return '–';
  if (format === 'number') return value.toFixed(2);
  const isClose = value !== 0 && value !== 1 && (value < 0.005 || value > 0.995);
  return `${(100 * value).toFixed(isClose ? 2 : 1)} %`;
}
