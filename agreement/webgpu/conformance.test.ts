import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { describeConformance } from '@heed/conformance/vitest';
import { keepReport } from '@heed/reports';
import { onDawn } from './on-dawn.js';

describeConformance(onDawn, { onReport: keepReport });
