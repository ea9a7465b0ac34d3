import { runConformance } from '@heed/conformance';
import { cpu } from '@heed/backend-cpu';
import { describe, expect, test } from 'vitest';
import { readFacts, readMessage, readReport } from './answers.js';

describe('messages of the sandbox', () => {
  test.each([
    { id: 0, kind: 'report', report: { done: 1, total: 2, id: 'a case', failed: false } },
    { id: 1, kind: 'done', result: '{}' },
    { id: 2, kind: 'failed', error: { code: 'BACKEND_INVALID', message: 'why', details: { problem: 'throws' } } },
    { id: 3, kind: 'stopped' },
  ])('a right one is taken: $kind', (message) => {
    expect(readMessage(message)).toEqual(message);
  });

  test.each([
    [null],
    ['done'],
    [{ kind: 'done' }],
    [{ id: 0, kind: 'done', result: { name: 'an object' } }],
    [{ id: 0, kind: 'done', result: 'x'.repeat(9 * 2 ** 20) }],
    [{ id: 0, kind: 'toString' }],
    [{ id: 0, kind: 'report', report: { done: 1, total: NaN, id: '', failed: false } }],
    [{ id: 0, kind: 'failed', error: { code: 'constructor', message: '', details: {} } }],
  ])('a wrong one is not: %#', (message) => {
    expect(readMessage(message)).toBeUndefined();
  });

  test('an error is cut, and of its details only those that the page says something about are taken', () => {
    const error = { code: 'UNEXPECTED', message: 'x'.repeat(5000), details: { told: 'y'.repeat(5000), file: 'z' } };
    expect(readMessage({ id: 0, kind: 'failed', error })).toMatchObject({
      error: { message: 'x'.repeat(1000), details: { told: 'y'.repeat(1000) } },
    });
    for (const details of [{ reasons: 5 }, { reasons: { a: [null] } }, null, { told: {} }])
      expect(readMessage({ id: 0, kind: 'failed', error: { ...error, details } })).toMatchObject({
        error: { details: {} },
      });
  });
});

const FACTS = {
  name: 'mine',
  engine: 'cpu',
  takes: { ops: [], masks: ['a part of a later core'], biases: [], normalizers: [], options: [] },
  capabilities: {
    skips: [],
    simd: 'none',
    threads: 1,
    floatBits: 32,
    accumulatorBits: 32,
    deterministic: true,
    replaces: [],
    notes: [],
  },
};

describe('facts', () => {
  test('are taken when they have their form', () => {
    expect(readFacts(JSON.stringify(FACTS))).toEqual(FACTS);
  });

  test.each([
    ['{'],
    ['null'],
    [JSON.stringify({ ...FACTS, name: '' })],
    [JSON.stringify({ ...FACTS, name: 'x'.repeat(61) })],
    [JSON.stringify({ ...FACTS, name: 'a\u202eb' })],
    [JSON.stringify({ ...FACTS, capabilities: { ...FACTS.capabilities, simd: 'constructor' } })],
    [JSON.stringify({ ...FACTS, takes: { ...FACTS.takes, ops: Array(101).fill('op') } })],
  ])('are refused otherwise: %#', (json) => {
    expect(() => readFacts(json)).toThrow(expect.objectContaining({ code: 'BACKEND_INVALID' }));
  });
});

test('a report is checked as every report is, and must be about the same backend', async () => {
  await expect(readReport('{"totals":{}}', 'mine')).rejects.toMatchObject({
    code: 'BACKEND_INVALID',
    details: { problem: 'answer' },
  });
});

test('a report about the backend is taken, and one about another is not', async () => {
  const report = await runConformance(cpu(), { groups: ['dispose'] });
  expect(await readReport(JSON.stringify(report), 'cpu')).toEqual(report);
  await expect(readReport(JSON.stringify(report), 'mine')).rejects.toMatchObject({ code: 'BACKEND_INVALID' });
});
