import { FEWER_RUNS } from '../training-runs.js';
import { testTraining } from '../training.js';
import { onDawn } from './on-dawn.js';

testTraining(onDawn, FEWER_RUNS);
