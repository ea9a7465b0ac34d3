import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { ONE_OF_EACH, describeUndeclared } from '../undeclared.js';
import { onDawn } from './on-dawn.js';

describeUndeclared(onDawn, ONE_OF_EACH);
