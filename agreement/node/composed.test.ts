import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { composed } from '@heed/core';
import { keepReport } from '@heed/reports';
import { describeConformance } from '../../packages/conformance/src/vitest.js';
import { load } from '../../packages/conformance/test/engine.js';

describeConformance(composed({ engine: 'cpu', load }), { onReport: keepReport });
