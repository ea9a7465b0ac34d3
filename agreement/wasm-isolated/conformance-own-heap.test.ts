import { wasm } from '@heed/backend-wasm';
import { describeConformance } from '@heed/conformance/vitest';
import { THREADS } from './shared-heap.js';

// What a page gets that configures nothing: the engine's build without threads, and problems copied to where threads are.
describeConformance(wasm({ threads: THREADS, threadsFrom: 0 }));
