import { testOnnx } from '../onnx.js';
import { overSharedHeap } from './shared-heap.js';

testOnnx(overSharedHeap({ threadsFrom: 0 }));
