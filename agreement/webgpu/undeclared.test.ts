import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { describeUndeclared } from '../undeclared.js';
import { onDawn } from './on-dawn.js';

describeUndeclared(onDawn);
