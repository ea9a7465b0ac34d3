import { HeedError } from '@heed/base';
import * as v from 'valibot';

const finite = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const schema = v.strictObject({
  formatVersion: v.literal(1),
  /** SHA-256 of the model file that it is of, in hexadecimal digits. */
  model: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  /** Number of validation examples that were answered. */
  examples: count,
  /** From the features of an answer to the probability that it is right; absent where no answer is right or wrong. */
  confidence: v.optional(v.strictObject({ intercept: finite, weights: v.record(v.string(), finite) })),
  /** Facts of the inputs that the model learnt from. */
  inputs: v.strictObject({
    characters: v.string(),
    longest: count,
    bigrams: v.record(v.string(), v.record(v.string(), v.pipe(count, v.minValue(1)))),
    least: v.optional(finite),
  }),
  /** Output symbols of each kind of input, for tasks that have `outputs`. */
  outputs: v.optional(v.record(v.string(), v.array(v.string()))),
});

/** What data tell of a trained model: how far its answers can be trusted, and what inputs it knows. Plain JSON. */
export type Calibration = v.InferOutput<typeof schema>;

/**
 * Reads a calibration.
 *
 * @throws HeedError FILE_INVALID for what is none
 */
export function parseCalibration(json: string): Calibration {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new HeedError('FILE_INVALID', { message: 'the calibration is not JSON', cause });
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new HeedError('FILE_INVALID', {
    message: `the calibration: '${v.getDotPath(issue) ?? ''}' is wrong: ${issue.message.slice(0, 200)}`,
  });
}
