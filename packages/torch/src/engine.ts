import * as tf from '@tensorflow/tfjs-core';

/** The only file of this package that touches inner parts of TensorFlow.js 4.22: how many gradients are being taken (`EngineState.gradientDepth`). */
export const isRecording = (): boolean => tf.engine().state.gradientDepth > 0;
