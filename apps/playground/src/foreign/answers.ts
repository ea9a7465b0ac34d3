import { ERROR_CODES, HeedError } from '@heed/base';
import type { ConformanceReport } from '@heed/conformance';
import * as v from 'valibot';
import type { FromWorker } from '../engine/protocol.js';
import type { ForeignFacts, ForeignJobs } from './jobs.js';

// What the sandbox says is checked before the page believes it, since the code in it can say anything.

const LONGEST_ANSWER = 8 * 2 ** 20;
const LONGEST_NAME = 60;
const LONGEST_TEXT = 1000;
const MOST_NAMES = 100;

const text = v.pipe(v.string(), v.maxLength(LONGEST_TEXT));
/** Text that is cut instead of refused. */
const cut = v.pipe(
  v.string(),
  v.transform((given) => given.slice(0, LONGEST_TEXT)),
);
const names = v.pipe(v.array(text), v.maxLength(MOST_NAMES));
const size = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));

/** Details of errors that the page says something about. */
const details = v.object({
  problem: v.optional(text),
  told: v.optional(cut),
  reasons: v.optional(v.record(text, names)),
});

const messageSchema = v.variant('kind', [
  v.object({
    id: size,
    kind: v.literal('report'),
    report: v.object({ done: size, total: size, id: cut, failed: v.boolean() }),
  }),
  v.object({ id: size, kind: v.literal('done'), result: v.pipe(v.string(), v.maxLength(LONGEST_ANSWER)) }),
  v.object({
    id: size,
    kind: v.literal('failed'),
    error: v.object({
      code: v.picklist([...ERROR_CODES, 'UNEXPECTED']),
      message: cut,
      details: v.fallback(details, {}),
    }),
  }),
  v.object({ id: size, kind: v.literal('stopped') }),
]);

/** A message of the sandbox, checked; undefined when it isn't one. */
export function readMessage(data: unknown): FromWorker<ForeignJobs> | undefined {
  const result = v.safeParse(messageSchema, data, { abortEarly: true });
  return result.success ? result.output : undefined;
}

const factsSchema: v.GenericSchema<unknown, ForeignFacts> = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_NAME), v.regex(/^[^\p{C}]*$/u)),
  engine: v.pipe(v.string(), v.maxLength(LONGEST_NAME)),
  takes: v.object({ ops: names, masks: names, biases: names, normalizers: names, options: names }),
  capabilities: v.object({
    skips: names,
    simd: v.picklist(['none', 'simd', 'relaxed']),
    threads: size,
    floatBits: v.picklist([16, 32]),
    accumulatorBits: v.picklist([16, 32, 64]),
    deterministic: v.boolean(),
    replaces: names,
    notes: names,
  }),
});

/** @throws HeedError BACKEND_INVALID */
export function readFacts(json: string): ForeignFacts {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), factsSchema), json, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw nonsense(`${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
}

/**
 * A report about the backend of this name.
 *
 * @throws HeedError BACKEND_INVALID
 */
export async function readReport(json: string, name: string): Promise<ConformanceReport> {
  const { parseReport } = await import('@heed/conformance');
  const report = await Promise.resolve(json)
    .then(parseReport)
    .catch((error: Error) => {
      throw nonsense(error.message);
    });
  if (report.backend !== name) throw nonsense('the report is about another backend');
  return report;
}

const nonsense = (told: string): HeedError =>
  new HeedError('BACKEND_INVALID', {
    message: `what the module tells of its backend makes no sense (${told.slice(0, LONGEST_TEXT)})`,
    details: { problem: 'answer' },
  });
