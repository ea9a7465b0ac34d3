import { testTraining } from '../training.js';
import { onDawn } from './on-dawn.js';

testTraining(onDawn);
