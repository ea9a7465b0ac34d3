import { testTraining } from '../training.js';
import { overSharedHeap } from './shared-heap.js';

testTraining(overSharedHeap({ threadsFrom: 0 }));
