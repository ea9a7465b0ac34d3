import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import type { CallArguments } from '../layers/keras-layer.js';
import type { Masks } from './masks.js';

/** A call that was made, to be looked at while its tensors live. */
export interface SeenCall {
  /** Names of the models around it and its own. */
  readonly path: readonly string[];
  readonly index: number;
  readonly layer: layers.Layer;
  readonly given: CallArguments;
  readonly outputs: readonly Tensor[];
  /** Mask that each output carries, bool; null for none. */
  readonly masks: readonly (Tensor | null)[];
}

/** One run through a graph and the graphs in it. */
export interface Pass {
  readonly training: boolean;
  /** Masks by the tensors that carry them, bool. */
  readonly masks: Masks;
  readonly see?: (call: SeenCall) => void;
}
