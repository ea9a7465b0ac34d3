import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { describeConformance } from '@heed/conformance/vitest';
import { keepReport } from '@heed/reports';
import { yourBackend } from '../src/index.js';

// The tables of what works where are made from the report.
describeConformance(yourBackend(), { onReport: keepReport });
