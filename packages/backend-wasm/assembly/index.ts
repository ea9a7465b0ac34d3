export { setConstants } from './constants';
export { gelu, geluGrad, swish, swishGrad } from './activations';
export { adam, squareSum } from './adam';
export { columnSums } from './column-sums';
export { addNumbers, moveWindows } from './convolution';
export { crossEntropy } from './cross-entropy';
export { dropout } from './element-dropout';
export { exp, sigmoid, softmax, tanh } from './elementwise';
export { hookExp, hookLog, hookPow, hookTanh } from './hook-math';
export { layerNorm } from './layer-norm';
export { layerNormGrad } from './layer-norm-grad';
export {
  addBias,
  addResidual,
  copyColumns,
  maxoutLayer,
  maxoutLayerGrad,
  rectifiedLayer,
  rectifiedLayerGrad,
  squaredRelu,
  squaredReluGrad,
  tanhLayer,
  tanhLayerGrad,
} from './layers';
export { linearBackward, linearBackwardScratch, linearForward } from './linear';
export { matMulScratch, multiply } from './matmul';
export { setTallTiles } from './product';
export { backward, backwardScratch, forward, forwardScratch } from './pass';
export { rotaryEmbedding } from './rotary';
export { segmentSum } from './segment-sum';
export { swapAxes } from './swap-axes';
export { gruReset, gruResetGrad, gruUpdate, gruUpdateGrad, lstmGates, lstmGatesGrad } from './recurrent';
