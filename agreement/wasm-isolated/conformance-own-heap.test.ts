import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { wasm } from '@heed/backend-wasm';
import { describeConformance } from '@heed/conformance/vitest';
import { THREADS } from './shared-heap.js';

// A page without configuration gets the engine's build without threads; requests are copied to the threads' own heap.
describeConformance(wasm({ threads: THREADS, threadsFrom: 0 }));
