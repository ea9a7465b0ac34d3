import type * as tf from '@tensorflow/tfjs-core';

/** Dtype of a graph's tensor. */
export type GraphType = 'float32' | 'int32' | 'bool';

/** What a graph takes under a name. */
export interface GraphTensor {
  /** Lengths of the axes; a free one has a name, such as 'batch' or 'source', and those of one name are equal. */
  readonly shape: readonly (number | string)[];
  readonly dtype: GraphType;
}

/** Tensors by name. */
export type GraphTensors = Readonly<Record<string, tf.Tensor>>;

/**
 * A part of a model as a function of tensors, which may be traced and written down: nothing that it does depends on their values. Texts of a
 * batch are of one length, so there is no padding.
 *
 * A decoder's parts tell by their names what goes where. `memory/…` and `state/…` of the encoder are what the first step takes; `next/…` of a
 * step is `state/…` of the next one. A `state/…` that no encoder gives begins as zeros, and with a length of 0 along the axis 'past'.
 */
export interface Graph {
  /** 'encoder', 'step', 'model', 'sentences' or 'text'. */
  readonly name: string;
  readonly inputs: Readonly<Record<string, GraphTensor>>;
  /** Tensors in, which are borrowed, and tensors out, which are the caller's. */
  run(inputs: GraphTensors): GraphTensors;
}
