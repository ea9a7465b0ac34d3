export { setConstants } from './vector';
export { backward, backwardScratch } from './backward';
export { exp, sigmoid, softmax, tanh } from './elementwise';
export { forward, forwardScratch } from './forward';
export { matMulScratch, multiply, openRight } from './matmul';
export { segmentSum } from './segment-sum';
