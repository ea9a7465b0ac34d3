/** Registers TensorFlow.js's cpu engine. */
export const load = (): Promise<unknown> => import('@tensorflow/tfjs-backend-cpu');
