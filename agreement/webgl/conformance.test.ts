import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { webgl } from '@heed/backend-webgl';
import { describeConformance } from '@heed/conformance/vitest';
import { selectBackend } from '@heed/core';
import { expect, it } from 'vitest';
import { keepReport } from '../keep-report.js';

describeConformance(webgl(), { onReport: keepReport });

it('numbers have 32 bits in this browser, so that it is float32 whose bound they are held to', async () => {
  const { capabilities, dispose } = await selectBackend(webgl());
  expect(capabilities.floatBits).toBe(32);
  await dispose();
});
