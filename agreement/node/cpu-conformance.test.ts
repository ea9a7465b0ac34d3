import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { cpu } from '@heed/backend-cpu';
import { describeConformance } from '@heed/conformance/vitest';
import { keepReport } from '@heed/reports';

describeConformance(cpu(), { onReport: keepReport });
