/** Functions of assembly/ for model ops; most arguments are addresses and counts. */
export interface ModelExports {
  lstmGates(...addresses: number[]): void;
  lstmGatesGrad(...addresses: number[]): void;
  gruReset(...addresses: number[]): void;
  gruResetGrad(...addresses: number[]): void;
  gruUpdate(...addresses: number[]): void;
  gruUpdateGrad(...addresses: number[]): void;
  crossEntropy(
    logits: number,
    ids: number,
    weights: number,
    smoothing: number,
    dLogits: number,
    rows: number,
    classes: number,
  ): number;
  /** Six addresses, two counts, then ε. */
  layerNorm(...numbers: number[]): void;
  layerNormGrad(...addresses: number[]): void;
  columnSums(x: number, sums: number, rows: number, width: number): void;
  addBias(...addresses: number[]): void;
  addResidual(...addresses: number[]): void;
  tanhLayer(...addresses: number[]): void;
  tanhLayerGrad(...addresses: number[]): void;
  rectifiedLayer(...addresses: number[]): void;
  rectifiedLayerGrad(...addresses: number[]): void;
  maxoutLayer(...addresses: number[]): void;
  maxoutLayerGrad(...addresses: number[]): void;
  squaredRelu(x: number, y: number, count: number): void;
  squaredReluGrad(x: number, dY: number, dX: number, count: number): void;
  copyColumns(from: number, to: number, rows: number, fromWidth: number, toWidth: number): void;
  /** Seven addresses, a count, then the attributes: rate, epsilon, scale, beta1, beta2. */
  adam(...numbers: number[]): void;
  /** Addresses, counts, then whether it is the approximation by tanh. */
  gelu(...numbers: number[]): void;
  geluGrad(...numbers: number[]): void;
  /** Addresses, a count, then β. */
  swish(...numbers: number[]): void;
  swishGrad(...numbers: number[]): void;
  /** Two addresses, a count, the threshold, the factor, then the words of the key and of the counter. */
  dropout(...numbers: number[]): void;
  squareSum(x: number, count: number): number;
  /** Four addresses, five counts, then the layout, the direction, the start and the address of rows. */
  rotaryEmbedding(...numbers: number[]): void;
  /** Two addresses, then the sizes in the order of assembly/convolution.ts. */
  moveWindows(...numbers: number[]): void;
  addNumbers(from: number, to: number, count: number): void;
}
