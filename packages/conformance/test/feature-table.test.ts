import { describe, expect, it } from 'vitest';
import { featureTable, overviewTable } from '../src/report/feature-table.js';
import { AREAS, FEATURES, summarizeFeatures } from '../src/report/features.js';
import { listCases } from '../src/run-conformance.js';
import { caseOf, outputOf, reportOf } from './reports.js';

describe('the table of what works where', () => {
  it('has every case of the suite in a feature, and a case in every feature', () => {
    const features = listCases().map(({ id }) => FEATURES.find(({ cases }) => cases.test(id))?.name ?? id);
    expect(new Set(features)).toEqual(new Set(FEATURES.map(({ name }) => name)));
  });

  it('begins every area with a feature, the first area with the first', () => {
    const places = AREAS.map(({ first }) => FEATURES.findIndex(({ name }) => name === first));
    expect(places[0]).toBe(0);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('says what is fused, what is partly, what fails and what did not run', () => {
    const fused = caseOf({ id: 'heads/a', path: 'fused', outputs: [outputOf({ ulps: 1.26, naiveUlps: 3 })] });
    const composed = caseOf({ id: 'heads/b', path: 'composed', outputs: [outputOf({ ulps: 0.5, naiveUlps: 4000 })] });
    const wrong = caseOf({ id: 'dropout/a', path: 'composed', status: 'failed', outputs: [outputOf({ ulps: null })] });
    const known = caseOf({ id: 'dropout/b', path: 'composed', status: 'known failure' });
    const error = caseOf({ id: 'errors/a' });
    const table = featureTable([
      summarizeFeatures(reportOf({ backend: 'a|b', cases: [fused, composed, wrong, known] })),
      summarizeFeatures(reportOf({ backend: 'second', cases: [fused, error] })),
    ]);
    expect(table.split('\n')).toEqual([
      String.raw`|  | a\|b | second | naive float32 |`,
      '| --- | --- | --- | --- |',
      '| grouped and single key heads | 1 fused, 1 composed · 2/2 · 1.3 | fused · 1/1 · 1.3 | 4,000 |',
      '| dropout | ✗ composed · 0/2 · no match | – | 0 |',
      '| bad input refused by its code | – | ✓ · 1/1 |  |',
    ]);
    const overview = overviewTable([
      summarizeFeatures(reportOf({ backend: 'first', cases: [fused, composed] })),
      summarizeFeatures(reportOf({ backend: 'second', cases: [fused, wrong, error] })),
    ]);
    expect(overview.split('\n')).toEqual([
      '|  | first | second |',
      '| --- | --- | --- |',
      '| heads, scale, dropout, outputs, gradients | 1 fused, 1 composed · 2/2 | ✗ 1 fused, 1 composed · 1/2 |',
      '| refusals, memory | – | ✓ · 1/1 |',
    ]);
  });
});
