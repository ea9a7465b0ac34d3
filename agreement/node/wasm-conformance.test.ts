import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { wasm } from '@heed/backend-wasm';
import { describeConformance } from '@heed/conformance/vitest';
import { keepReport } from '@heed/reports';
import { describe } from 'vitest';

describe('one thread', () => {
  describeConformance(wasm({ threads: 1 }), { onReport: keepReport });
});

// However small a request is, so that every case is divided.
describe('three threads', () => {
  describeConformance(wasm({ threads: 3, threadsFrom: 0 }));
});
