const NAMES = `
  Reshape ExpandDims Identity
  Add AddN Sub Multiply RealDiv Maximum Minimum SquaredDifference Pow
  Less LessEqual Greater GreaterEqual Equal NotEqual LogicalAnd Select
  Abs Exp Neg Log Relu Rsqrt Sqrt Square Sin Cos Transpose Tile Reverse Sum Mean Max
  BatchMatMul _FusedMatMul Tanh Sigmoid Softmax Einsum
  Slice SplitV Unpack Concat Pack GatherV2 ZerosLike
  HeedDotProductAttention HeedAdditiveAttention HeedWeightedContext
  HeedLstmGates HeedGruReset HeedGruUpdate HeedLayerNorm HeedAddBias HeedAddResidual
  HeedRectifiedLayer HeedTanhLayer HeedMaxoutLayer HeedSquaredRelu HeedFirstColumns
  HeedGelu HeedGeluLayer HeedSwish HeedRotaryEmbedding HeedTensorScatter HeedConv2d
`;

/**
 * Kernels whose work in the heap is nothing but calls of functions with numbers: those of this package that say so by `engine.call`, and those of
 * the engine that leave it to their module. Of others some loop over the heap themselves, which no recording sees.
 */
export const RECORDABLE: ReadonlySet<string> = new Set(NAMES.trim().split(/\s+/));
