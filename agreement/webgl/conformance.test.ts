import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { webgl } from '@heed/backend-webgl';
import { describeConformance } from '@heed/conformance/vitest';
import { composed, selectBackend } from '@heed/core';
import { describe, expect, it } from 'vitest';
import { keepReport } from '../keep-report.js';
import { ONE_OF_EACH, describeUndeclared } from '../undeclared.js';

// All in one page, since the engine compiles its own programs for each shape once a page, which is most of what these tests take.

describeConformance(webgl(), { onReport: keepReport });

it('numbers have 32 bits in this browser, so that it is float32 whose bound they are held to', async () => {
  const { capabilities, dispose } = await selectBackend(webgl());
  expect(capabilities.floatBits).toBe(32);
  await dispose();
});

// There is so little room for scores that every request is computed a few rows at a time, and gradients are sums over such parts.
describe('in parts', () => {
  describeConformance(webgl({ scratchBytes: 512 }), { groups: ['bias', 'heads', 'additive'] });
});

// Core's composed forms with this engine's ops, which handle infinity and NaN differently from those of the cpu engine.
describe('without kernels', () => {
  describeConformance(composed({ engine: 'webgl', load: () => import('@tensorflow/tfjs-backend-webgl') }), {
    groups: ['outputs', 'large logits', 'non-finite'],
  });
});

describe('with kernels of before', () => describeUndeclared(webgl(), ONE_OF_EACH));
