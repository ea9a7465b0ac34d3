import {
  composedAdditive,
  composedDotProduct,
  eightHeads,
  fusedAdditive,
  fusedDotProduct,
  withGradients,
  type Compute,
  type Shape,
} from '../computations.js';

export interface WebglCase {
  readonly name: string;
  /** Title for people: the computation and its shapes. */
  readonly title: string;
  /** Target: how many times faster than the faster peer Heed must be; null when the ratio is only reported. */
  readonly target: number | null;
  readonly rounds: number;
  readonly shapes: readonly Shape[];
  /** Computation by Heed's op; `composed` is the same of TensorFlow.js's ops, as a person would write it. */
  readonly fused: Compute;
  readonly composed: Compute;
}

const ADDITIVE: readonly Shape[] = [[8, 128, 128], [8, 128, 128], [128], [8, 128, 128]];
const ADDITIVE_CONTEXT: Shape = [8, 128, 128];

export const CASES: readonly WebglCase[] = [
  {
    name: 'dot-product-forward',
    title: 'dot-product attention forward, B1 H8 T256 D64',
    target: 2,
    rounds: 9,
    shapes: eightHeads(256),
    fused: fusedDotProduct,
    composed: composedDotProduct,
  },
  {
    name: 'dot-product-gradients',
    title: 'dot-product attention forward and backward, B1 H8 T256 D64',
    target: 1.5,
    rounds: 9,
    shapes: [...eightHeads(256), [1, 8, 256, 64]],
    fused: withGradients(fusedDotProduct),
    composed: withGradients(composedDotProduct),
  },
  {
    name: 'additive-forward',
    title: 'additive attention forward, B8 T128 U128 Dv128',
    target: 4,
    rounds: 9,
    shapes: ADDITIVE,
    fused: fusedAdditive,
    composed: composedAdditive,
  },
  {
    name: 'additive-gradients',
    title: 'additive attention forward and backward, B8 T128 U128 Dv128',
    target: 1.5,
    rounds: 5,
    shapes: [...ADDITIVE, ADDITIVE_CONTEXT],
    fused: withGradients(fusedAdditive),
    composed: withGradients(composedAdditive),
  },
  {
    name: 'dot-product-forward-t512',
    title: 'dot-product attention forward, B1 H8 T512 D64',
    target: null,
    rounds: 9,
    shapes: eightHeads(512),
    fused: fusedDotProduct,
    composed: composedDotProduct,
  },
  {
    name: 'dot-product-gradients-t512',
    title: 'dot-product attention forward and backward, B1 H8 T512 D64',
    target: null,
    rounds: 5,
    shapes: [...eightHeads(512), [1, 8, 512, 64]],
    fused: withGradients(fusedDotProduct),
    composed: withGradients(composedDotProduct),
  },
];
