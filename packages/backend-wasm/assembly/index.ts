export { setConstants } from './vector';
export { adam, squareSum } from './adam';
export { backward, backwardScratch } from './backward';
export { crossEntropy } from './cross-entropy';
export { exp, sigmoid, softmax, tanh } from './elementwise';
export { forward, forwardScratch } from './forward';
export { matMulScratch, multiply, openRight } from './matmul';
export { segmentSum } from './segment-sum';
export { gruReset, gruResetGrad, gruUpdate, gruUpdateGrad, lstmGates, lstmGatesGrad } from './recurrent';
