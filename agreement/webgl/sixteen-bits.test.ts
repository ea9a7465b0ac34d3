import { webgl } from '@heed/backend-webgl';
import { describeConformance } from '@heed/conformance/vitest';
import { selectBackend } from '@heed/core';
import '@tensorflow/tfjs-backend-webgl'; // registers the flag below
import { env } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

// Some devices can't draw to 32-bit textures. Other groups of cases need infinities in tensors, which this browser's renderer turns
// into NaN in 16 bits, also for the engine's own kernels.
env().set('WEBGL_FORCE_F16_TEXTURES', true);

describeConformance(webgl(), {
  groups: ['manifest', 'shapes', 'scale', 'large logits', 'heads'],
  knownFailures: {
    'scale/dot/cap-saturated': 'queries and keys that are rounded to 16 bits move the slope of a saturated cap',
    'large logits/dot/all-near-10000': 'scores of 10,000 are 8 apart in 16 bits, and these are closer together',
    'large logits/dot/all-near--10000': 'likewise',
    'large logits/dot/masked-above-attended': 'a logSumExp of −∞ is NaN in 16 bits here',
  },
});

it('the capabilities say how wide floats are, and what that means', async () => {
  const { capabilities, dispose } = await selectBackend(webgl());
  expect(capabilities).toMatchObject({ floatBits: 16, accumulatorBits: 32 });
  expect(capabilities.notes.join()).toContain('65504');
  await dispose();
});
