export { setConstants } from './vector';
export { adam, squareSum } from './adam';
export { crossEntropy } from './cross-entropy';
export { exp, sigmoid, softmax, tanh } from './elementwise';
export { hookExp, hookLog, hookPow, hookTanh } from './hook-math';
export { matMulScratch, multiply, openRight } from './matmul';
export { backward, backwardScratch, forward, forwardScratch } from './pass';
export { segmentSum } from './segment-sum';
export { gruReset, gruResetGrad, gruUpdate, gruUpdateGrad, lstmGates, lstmGatesGrad } from './recurrent';
