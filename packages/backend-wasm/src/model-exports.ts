/** Functions of assembly/{recurrent,cross-entropy,layer-norm,adam,activations,rotary}.ts; most arguments are addresses and counts. */
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
  /** Seven addresses, a count, then the attributes: rate, epsilon, scale, beta1, beta2. */
  adam(...numbers: number[]): void;
  /** Addresses, counts, then whether it is the approximation by tanh. */
  gelu(...numbers: number[]): void;
  geluGrad(...numbers: number[]): void;
  /** Addresses, a count, then β. */
  swish(...numbers: number[]): void;
  swishGrad(...numbers: number[]): void;
  squareSum(x: number, count: number): number;
  /** Four addresses, five counts, then the layout, the direction, the start and the address of rows. */
  rotaryEmbedding(...numbers: number[]): void;
}
