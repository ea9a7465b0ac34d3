/** Registers the gradients and the chained names of TensorFlow.js's ops, which those of mechanisms and of its layers are made of. */
export const loadGradients = (): Promise<unknown> => import('@tensorflow/tfjs');
