import { describeConformance } from '@heed/conformance/vitest';
import { overSharedHeap } from './shared-heap.js';

// However small a problem is, so that every case is divided.
describeConformance(overSharedHeap({ threadsFrom: 0 }));
