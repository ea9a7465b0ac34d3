import type * as v from 'valibot';
import type * as tf from '@tensorflow/tfjs-core';
import type { Shape, Shapes } from '../state/shapes.js';
import type { Tree } from '../state/tree.js';

/**
 * A module of PyTorch: how its state dict is told from others, what it must have, and what the module computes.
 *
 * `Options` are what its state dict can't say; `Settings` are those with the defaults of PyTorch.
 */
export interface ModuleDefinition<Kind extends string, Options, Settings, Call> {
  /** Name of PyTorch's class. */
  readonly kind: Kind;
  readonly schema: v.GenericSchema<Options, Settings>;
  /** Whether the keys and shapes are of such a module, even if some are missing. */
  recognises(shapes: Tree<Shape>): boolean;
  /**
   * Every key that the module must have, with its shape.
   *
   * @throws HeedError CHECKPOINT_INVALID, SHAPE_MISMATCH where the shapes of others can't be known; INVALID_ARGUMENT for an option that
   *   contradicts them
   */
  expects(shapes: Tree<Shape>, settings: Settings): Shapes;
  /** Its parameters as Heed's layers have them, by Heed's keys. Gradients flow through it; what it makes, nobody tidies. */
  convert(parameters: Tree<tf.Tensor>, settings: Settings): Converted;
  /** What the module computes with converted parameters; `shapes` are those of PyTorch's. */
  create(converted: Converted, settings: Settings, shapes: Tree<Shape>): Call;
}

/** Parameters by the keys of Heed's layers. */
export type Converted = Readonly<Record<string, tf.Tensor>>;
