import { webgl } from '@heed/backend-webgl';
import { describeConformance } from '@heed/conformance/vitest';

// There is so little room for scores that every request is computed a few rows at a time, and gradients are sums over such parts.
describeConformance(webgl({ scratchBytes: 512 }), { groups: ['bias', 'heads', 'additive'] });
