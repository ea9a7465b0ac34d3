import { webgl } from '@heed/backend-webgl';
import { FEWER_RUNS } from '../training-runs.js';
import { testTraining } from '../training.js';

testTraining(webgl(), FEWER_RUNS);
