import { readFileSync, writeFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { composed, HeedError } from '@heed/core';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { cpu } from '@heed/backend-cpu';
import { parseReport } from '../../packages/conformance/src/report/parse.js';
import { renderReport } from '../../packages/conformance/src/report/render.js';
import { reportSchema } from '../../packages/conformance/src/report/schema.js';
import { referenceBackend } from '../../packages/conformance/src/reference-backend.js';
import type { ConformanceReport } from '../../packages/conformance/src/report.js';
import { runConformance } from '../../packages/conformance/src/run-conformance.js';
import { load } from '../../packages/conformance/test/engine.js';
import { caseOf, outputOf, reportOf } from '../../packages/conformance/test/reports.js';

const file = new URL('../../packages/conformance/schema/report.schema.json', import.meta.url);
const { $schema, ...rest } = toJsonSchema(reportSchema);
const schema = { $schema, $id: 'urn:heed:conformance-report:1', ...rest };
// After a change of the schema: UPDATE=1 npx vitest run agreement/node/report-schema.test.ts
if (process.env['UPDATE']) writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
const published: object = JSON.parse(readFileSync(file, 'utf8'));

describe('the schema of reports', () => {
  it('is published as it is used', () => {
    expect(published).toEqual(schema);
  });

  const validate = new Ajv({ strict: true }).compile(published);
  const real: Record<string, ConformanceReport> = {};

  beforeAll(async () => {
    const groups = ['manifest', 'empty', 'non-finite', 'matmul', 'errors', 'leaks', 'determinism'];
    real['fused'] = await runConformance(cpu(), { groups, versions: { core: '0.1.0', backend: '0.2.0' } });
    real['composed'] = await runConformance(composed({ engine: 'cpu', load }), { groups });
    const broken = referenceBackend({
      load,
      name: 'broken: "<b>\u0000&',
      change: ({ capabilities, kernels }) => ({
        capabilities: { ...capabilities, deterministic: false, threads: 0, notes: [''] },
        kernels: {
          ...kernels,
          dotProductAttention: {
            ...kernels.dotProductAttention!,
            forward: (inputs, request) => ({
              ...kernels.dotProductAttention!.forward(inputs, request),
              context: inputs.query,
            }),
          },
        },
      }),
    });
    real['broken'] = await runConformance(broken, {
      groups,
      knownFailures: { 'non-finite/dot/under-padding/nan': 'the context is the query' },
    });
  });

  it.each(['fused', 'composed', 'broken'])('holds for a real report: %s', (name) => {
    const written = JSON.stringify(real[name]);
    validate(JSON.parse(written));
    expect(validate.errors).toBeNull();
    // The parsed report has all fields of the original, and no others.
    expect(parseReport(written)).toEqual(real[name]);
  });

  it('has seen every kind of result', () => {
    const results = Object.values(real).flatMap(({ cases }) => cases);
    expect(new Set(results.map(({ status }) => status)).size).toBe(4);
    expect(new Set(results.map(({ path }) => path))).toEqual(new Set(['fused', 'composed', 'empty', undefined]));
    expect(results.flatMap(({ outputs }) => outputs).some(({ error }) => error === null)).toBe(true);
  });

  it('knows the versions that it was told, and what is allowed in ulps', () => {
    expect(real['fused'].versions).toMatchObject({ core: '0.1.0', backend: '0.2.0' });
    expect(real['composed'].versions).toMatchObject({ core: null, backend: null });
    const outputs = real['fused'].cases.flatMap(({ outputs }) => outputs);
    expect(outputs.length).toBeGreaterThan(100);
    for (const { boundUlps, naiveUlps } of outputs) {
      expect(boundUlps).toBeGreaterThanOrEqual(16);
      expect(boundUlps).toBeGreaterThanOrEqual(2 * naiveUlps);
    }
  });

  it('says the same to every reader, whatever has been changed', () => {
    const small = reportOf({
      cases: [caseOf({ path: 'composed', reasons: ['why'], message: 'what', outputs: [outputOf()] })],
    });
    const paths = pathsIn(small);
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(1, -1, 0.5, 1e308, 1e16, '', 'fused', 'passed', 'float16', [], {}, null),
    );
    const verdicts = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.option(value, { nil: undefined }), (path, replacement) => {
        const changed: unknown = JSON.parse(JSON.stringify(replaced(small, path, replacement)));
        const valid = validate(changed);
        verdicts[valid ? 'valid' : 'invalid']++;
        expect(v.is(reportSchema, changed)).toBe(valid);
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(verdicts.valid, verdicts.invalid)).toBeGreaterThan(50);
  });
});

describe('parseReport', () => {
  const good = reportOf({ cases: [caseOf({ outputs: [outputOf()] })] });

  it.each<[string, unknown, RegExp]>([
    ['another version', { ...good, schemaVersion: 2 }, /schemaVersion/],
    ['a list', [good], /schemaVersion|Expected Object/],
    ['an unknown status', { ...good, cases: [{ ...good.cases[0], status: 'fine' }] }, /cases\.0\.status/],
    ['a case without outputs', { ...good, cases: [{ id: 'a', group: 'b', status: 'passed', ms: 0 }] }, /outputs/],
    ['a negative time', { ...good, cases: [{ ...good.cases[0], ms: -1 }] }, /cases\.0\.ms/],
    ['a time that is none', { ...good, startedAt: 'yesterday' }, /startedAt/],
    ['a case twice', reportOf({ cases: [caseOf(), caseOf()] }), /'shapes\/dot\/base' is there twice/],
    ['totals of other cases', { ...good, totals: { ...good.totals, passed: 7 } }, /totals\.passed is 7.* make 1/],
    ['a failure hidden from the totals', { ...good, cases: [caseOf({ status: 'failed' })] }, /totals\.passed is 1/],
    [
      'a failure called passed',
      reportOf({ cases: [caseOf({ outputs: [outputOf({ passed: false })] })] }),
      /context failed/,
    ],
    ['a long name', { ...good, cases: [caseOf({ id: 'x'.repeat(5000) })] }, /cases\.0\.id/],
  ])('refuses %s', (_, report, message) => {
    const error = errorOf(JSON.stringify(report));
    expect(error.code).toBe('FILE_INVALID');
    expect(error.message).toMatch(message);
    expect(error.message.length).toBeLessThan(500);
  });

  const deep = '['.repeat(1e5) + ']'.repeat(1e5);
  it.each([
    ['nothing', ''],
    ['half an object', '{"schemaVersion":1'],
    ['null', 'null'],
    ['a string', '"report"'],
    ['a deep nest', deep],
    ['a deep nest inside', JSON.stringify(good).replace('"shapes/dot/base"', deep)],
    ['an infinite error', JSON.stringify(good).replace('1e-7', '1e999')],
  ])('refuses %s', (_, text) => {
    expect(errorOf(text).code).toBe('FILE_INVALID');
  });

  it('reads a report of an earlier suite, which does not say what is taken', () => {
    const { takes: _, ...capabilities } = good.capabilities;
    const earlier = { ...good, capabilities };
    expect(parseReport(JSON.stringify(earlier))).toEqual(earlier);
    expect(renderReport([earlier])).not.toContain('Takes');
  });

  it('repeats nothing that could steer a terminal', () => {
    const hostile = { ...good, startedAt: '\u001b[2J\u202egpj' };
    expect(errorOf(JSON.stringify(hostile)).message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('lets fields of a later suite through, and leaves them out', () => {
    expect(parseReport(JSON.stringify({ ...good, later: 1 }))).toEqual(good);
  });
});

function errorOf(text: string): HeedError {
  try {
    parseReport(text);
  } catch (error) {
    if (HeedError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('it was read');
}

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))];
}

/** Copy of a value in which the value at a path is replaced, or removed. */
function replaced(value: unknown, [key, ...rest]: Path, replacement: unknown): unknown {
  if (key === undefined) return replacement ?? null;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, replacement);
  if (rest.length === 0 && replacement === undefined) delete copy[key];
  return copy;
}
