import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { describeConformance } from '@heed/conformance/vitest';
import { selectBackend } from '@heed/core';
import { expect, it } from 'vitest';
import { THREADS, overSharedHeap } from './shared-heap.js';

describeConformance(overSharedHeap());

it('the page is isolated, and threads share the heap of the engine', async () => {
  expect(crossOriginIsolated).toBe(true);
  const { capabilities, dispose } = await selectBackend(overSharedHeap());
  expect(capabilities.threads).toBe(THREADS);
  expect(capabilities.notes).toContain(`${THREADS} threads over the engine's shared heap`);
  await dispose();
});
