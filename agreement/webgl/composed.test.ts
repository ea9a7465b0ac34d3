import { describeConformance } from '@heed/conformance/vitest';
import { composed } from '@heed/core';

// What core composes of this engine's ops, which differ from those of the cpu engine in what infinity and NaN do to them.
describeConformance(composed({ engine: 'webgl', load: () => import('@tensorflow/tfjs-backend-webgl') }), {
  groups: ['outputs', 'large logits', 'non-finite'],
});
