import { webgl } from '@heed/backend-webgl';
import { testTraining } from '../training.js';

testTraining(webgl());
