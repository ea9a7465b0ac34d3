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

export const HEED = 'heed-webgpu';
/** What people have on the engine without Heed's kernels: Heed's op, and TensorFlow.js's ops as a person would write them. */
export const COMPOSED = ['tfjs-backend-webgpu, composed by Heed', 'tfjs-backend-webgpu, composed'] as const;
export const ORT = 'onnxruntime-web, webgpu';
const OTHERS_OF_HEED = ['heed-webgl', 'heed-wasm'] as const;

export type System = typeof HEED | typeof ORT | (typeof COMPOSED)[number] | (typeof OTHERS_OF_HEED)[number];

export interface WebgpuCase {
  readonly name: string;
  /** Title for people: the computation and its shapes. */
  readonly title: string;
  /** Target: how many times faster than the fastest of the peers Heed must be; null when the ratio is only reported. */
  readonly target: number | null;
  readonly rounds: number;
  /** Heed's first. */
  readonly systems: readonly System[];
  readonly peers: readonly System[];
  readonly shapes: readonly Shape[];
  /** Computation by Heed's op; `composed` is the same of TensorFlow.js's ops. */
  readonly fused: Compute;
  readonly composed: Compute;
}

const BESIDE_COMPOSED = { systems: [HEED, ...COMPOSED, ...OTHERS_OF_HEED], peers: COMPOSED } as const;
const DOT_PRODUCT = { fused: fusedDotProduct, composed: composedDotProduct } as const;
const WITH_GRADIENTS = { fused: withGradients(fusedDotProduct), composed: withGradients(composedDotProduct) } as const;
const ADDITIVE: readonly Shape[] = [[8, 128, 128], [8, 128, 128], [128], [8, 128, 128]];

export const CASES: readonly WebgpuCase[] = [
  {
    name: 'forward',
    title: 'dot-product attention forward, B1 H8 T1024 D64',
    target: 3,
    rounds: 3,
    shapes: eightHeads(1024),
    ...BESIDE_COMPOSED,
    ...DOT_PRODUCT,
  },
  {
    name: 'gradients',
    title: 'dot-product attention forward and backward, B1 H8 T1024 D64',
    target: 2,
    rounds: 3,
    shapes: [...eightHeads(1024), [1, 8, 1024, 64]],
    ...BESIDE_COMPOSED,
    ...WITH_GRADIENTS,
  },
  {
    name: 'additive',
    title: 'additive attention forward, B8 T128 U128 Dv128',
    target: 5,
    rounds: 5,
    shapes: ADDITIVE,
    ...BESIDE_COMPOSED,
    fused: fusedAdditive,
    composed: composedAdditive,
  },
  {
    // Without an array of T², which composed takes 2 GB.
    name: 'long',
    title: 'dot-product attention forward, B1 H8 T8192 D64',
    target: null,
    rounds: 1,
    systems: [HEED, 'heed-wasm'],
    peers: ['heed-wasm'],
    shapes: eightHeads(8192),
    ...DOT_PRODUCT,
  },
  {
    name: 'small',
    title: 'dot-product attention forward, B1 H8 T64 D64',
    target: null,
    rounds: 5,
    ...BESIDE_COMPOSED,
    shapes: eightHeads(64),
    ...DOT_PRODUCT,
  },
  {
    // Last, since its numbers are others under SwiftShader, which ends the run.
    name: 'forward-onnxruntime',
    title: 'dot-product attention forward, B1 H8 T1024 D64',
    target: 1,
    rounds: 3,
    systems: [HEED, ORT],
    peers: [ORT],
    shapes: eightHeads(1024),
    ...DOT_PRODUCT,
  },
];
