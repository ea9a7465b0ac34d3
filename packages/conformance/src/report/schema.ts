import * as v from 'valibot';
import type { ConformanceReport } from '../report.js';

/**
 * Schema of a report in JSON. `parseReport` uses it, and it is published as schema/report.schema.json, which a test keeps equal.
 * Fields that a later suite adds are accepted; any other change needs a new version.
 */

const LONGEST_TEXT = 100_000;
const MOST_CASES = 100_000;
const MOST_ITEMS = 1000; // outputs of a case, reasons, claims

const text = v.pipe(v.string(), v.maxLength(LONGEST_TEXT));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(1000));
const texts = v.pipe(v.array(text), v.maxLength(MOST_ITEMS));
// The upper limit refuses 1e999, which JSON.parse reads as infinity.
const measure = v.pipe(v.number(), v.minValue(0), v.maxValue(Number.MAX_VALUE));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const about = <const S extends v.GenericSchema>(schema: S, description: string) =>
  v.pipe(schema, v.description(description));

const output = v.object({
  name: about(name, "context, weights, logSumExp, product, or a gradient: 'dQuery' and so on"),
  passed: v.boolean(),
  error: about(v.nullable(measure), "largest error against the oracle; null where a NaN or an infinity doesn't match"),
  ulps: about(v.nullable(measure), 'the same in spacings of the storage format at the largest number, or at 1'),
  naiveError: about(measure, 'largest error of the same formula in naive float32'),
  naiveUlps: measure,
  bound: about(measure, 'the largest error that is allowed'),
  boundUlps: measure,
});

const result = v.object({
  id: name,
  group: name,
  status: v.picklist(['passed', 'failed', 'known failure', 'skipped']),
  path: v.optional(
    about(v.picklist(['fused', 'composed', 'empty']), 'the path that core took, for cases that run an op'),
  ),
  reasons: v.optional(about(texts, "why the path isn't fused")),
  outputs: v.pipe(v.array(output), v.maxLength(MOST_ITEMS)),
  ms: measure,
  message: v.optional(about(text, 'why it failed or was skipped')),
});

// A wrong claim fails a case; the report of it must be readable all the same.
const claims = v.object({
  fused: about(texts, 'ops with fused kernels'),
  takes: v.optional(
    about(
      v.object({
        masks: about(texts, 'parts of masks'),
        biases: about(texts, 'parts of biases'),
        normalizers: texts,
        options: about(texts, 'what a request may ask for besides'),
        limits: about(
          v.pipe(v.array(v.object({ size: name, most: v.number() })), v.maxLength(MOST_ITEMS)),
          'the largest sizes',
        ),
      }),
      'what these kernels take; anything else runs composed. Earlier suites did not say',
    ),
  ),
  skips: about(texts, 'parts of a mask for which kernels skip blocks'),
  simd: text,
  threads: v.number(),
  floatBits: about(v.number(), 'of a stored float'),
  accumulatorBits: v.number(),
  deterministic: v.boolean(),
  replaces: about(texts, 'kernels of the engine that are replaced'),
  notes: texts,
});

export const reportSchema = v.pipe(
  v.object({
    schemaVersion: v.literal(1),
    backend: text,
    engine: text,
    capabilities: about(claims, 'what the backend says of itself, true or not'),
    versions: v.object({
      spec: about(v.literal(1), 'of the backend interface'),
      core: about(v.nullable(text), 'of @heed/core, where it is known'),
      backend: about(v.nullable(text), "of the backend's package, where it is known"),
      tensorflow: text,
      runtime: about(text, "'node 20.20.2', or the browser's own words"),
    }),
    device: text,
    floor: about(v.picklist(['float32', 'float16']), 'the storage format whose spacings are behind the bound'),
    startedAt: v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)),
    cases: v.pipe(v.array(result), v.maxLength(MOST_CASES)),
    totals: v.object({
      cases: count,
      passed: count,
      failed: count,
      knownFailures: count,
      skipped: count,
      fused: count,
      composed: count,
      ms: measure,
    }),
  }),
  v.title('Conformance report'),
  v.description('What a run of @heed/conformance found about one backend.'),
) satisfies v.GenericSchema<unknown, ConformanceReport>;
