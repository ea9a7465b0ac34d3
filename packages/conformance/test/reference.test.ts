import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { expect, it } from 'vitest';
import { referenceBackend } from '../src/reference-backend.js';
import type { ConformanceReport } from '../src/report.js';
import { listCases } from '../src/run-conformance.js';
import { describeConformance } from '../src/vitest.js';
import { load } from './engine.js';

let report: ConformanceReport | undefined;
describeConformance(referenceBackend({ load }), {
  onReport: (made) => {
    report = made;
  },
});

it('hands its report over when all cases have run', () => {
  expect(report?.cases.map(({ id, group }) => ({ id, group }))).toEqual(listCases());
  expect(report?.totals).toMatchObject({ cases: listCases().length, failed: 0 });
});
