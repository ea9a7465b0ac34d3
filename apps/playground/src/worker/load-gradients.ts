/** Loads the gradients of TensorFlow.js's own ops, which its core package doesn't register. */
export const loadGradients = (): Promise<unknown> => import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
