import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { describeConformance } from '@heed/conformance/vitest';
import { overSharedHeap } from './shared-heap.js';

// Even the smallest request is divided among threads, so every case is.
describeConformance(overSharedHeap({ threadsFrom: 0 }));
