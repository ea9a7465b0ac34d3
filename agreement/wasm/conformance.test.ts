import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { wasm } from '@heed/backend-wasm';
import { describeConformance } from '@heed/conformance/vitest';
import { selectBackend } from '@heed/core';
import { expect, it } from 'vitest';

describeConformance(wasm());

it('the page is not isolated, so there is one thread, and the capabilities say why', async () => {
  expect(crossOriginIsolated).toBe(false);
  const { capabilities, dispose } = await selectBackend(wasm({ threads: 3 }));
  expect(capabilities.threads).toBe(1);
  expect(capabilities.notes.join()).toContain('Cross-Origin-Opener-Policy');
  await dispose();
});
