import { HeedError } from '@heed/core/errors';
import * as v from 'valibot';

const text = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const share = v.pipe(v.number(), v.finite(), v.minValue(0));

const figures = v.strictObject({
  split: v.picklist(['test', 'validation']),
  beam: v.pipe(count, v.minValue(1)),
  words: count,
  wordErrors: count,
  wordErrorRate: share,
  phonemes: count,
  phonemeErrors: count,
  phonemeErrorRate: share,
});

const schema = v.strictObject({
  formatVersion: v.literal(1),
  name: text,
  task: text,
  title: text,
  description: text,
  limits: v.array(text),
  licence: text,
  data: v.strictObject({ title: text, url: text, licence: text, version: text }),
  architecture: text,
  parameters: count,
  seed: count,
  steps: count,
  trainingSeconds: share,
  /** What makes the same file again, to the bit on the same kind of processor. */
  command: text,
  file: v.strictObject({ name: text, bytes: count, sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }),
  evaluations: v.array(figures),
  /** The most common phoneme of each letter, for comparison. */
  baseline: v.strictObject({ wordErrorRate: share, phonemeErrorRate: share }),
});

/** What somebody has to know before using a model. */
export type ModelCard = v.InferOutput<typeof schema>;

/** How many words, and phonemes, come out wrong; from `heed eval`. */
export type ErrorFigures = v.InferOutput<typeof figures>;

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
