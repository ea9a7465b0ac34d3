import { wasm } from '@heed/backend-wasm';
import { testTraining } from '../training.js';

testTraining(wasm());
