import type * as tf from '@tensorflow/tfjs-core';

/** Type of the elements of a graph's tensor. */
export type GraphType = 'float32' | 'int32' | 'bool';

/** Type of the elements of a model's input: within the graph, int64 is int32. Other programs have token ids as int64. */
export type InputType = GraphType | 'int64';

/** A tensor that goes into a graph. */
export interface GraphTensor {
  /** Sizes of the axes; a string names a free axis, whose size is each caller's choice: 'batch', 'source'. */
  readonly shape: readonly (number | string)[];
  readonly dtype: InputType;
}

/** A computation of tensors that becomes an ONNX model. */
export interface Graph {
  /** Name of the model's graph: 'encoder', 'step'. */
  readonly name: string;
  readonly inputs: Readonly<Record<string, GraphTensor>>;
  /**
   * Tensors by name from tensors by name. It is called more than once, on an engine that records and doesn't compute, with sizes of the
   * exporter's choosing: what is done must be the same for all sizes, and no number that depends on an input can be read.
   */
  run(inputs: Readonly<Record<string, tf.Tensor>>): Readonly<Record<string, tf.Tensor>>;
}

export interface ExportOptions {
  /**
   * Greatest size of each free axis, for tables of what TensorFlow.js's side computes from sizes alone, such as positions; 512 by default.
   * The model refuses no greater size where it needs no table.
   */
  readonly longest?: Readonly<Record<string, number>>;
  /**
   * Least size of each free axis, 1 by default: 0 where it may be empty, as what a decoder has written is at first; more where short ones are computed in
   * another way, which the model then doesn't have.
   */
  readonly shortest?: Readonly<Record<string, number>>;
}
