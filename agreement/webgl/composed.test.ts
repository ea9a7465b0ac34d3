import { describeConformance } from '@heed/conformance/vitest';
import { composed } from '@heed/core';

// Tests core's composed forms with this engine's ops, which handle infinity and NaN differently from those of the cpu engine.
describeConformance(composed({ engine: 'webgl', load: () => import('@tensorflow/tfjs-backend-webgl') }), {
  groups: ['outputs', 'large logits', 'non-finite'],
});
