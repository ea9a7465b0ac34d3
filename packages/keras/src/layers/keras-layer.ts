import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, type Shape, type SymbolicTensor } from '@tensorflow/tfjs-layers';

/** Arguments of one call by their names: tensors, lists of tensors, flags and numbers. What was not given is absent. */
export type CallArguments = Readonly<Record<string, unknown>>;

/** A mask, bool [B, T], or null where there is none. */
export type KerasMask = Tensor | null;

/**
 * A layer with Keras's manner of calling: arguments that have names and an order, some of them tensors, some of them masks. It is a layer of
 * TensorFlow.js too, symbolic and eager; `run` is all that a layer has to say about what it computes.
 *
 * Masks are arguments like others. Whoever runs a graph fills them in as Keras 3 does: with one tensor argument, `mask` from the mask that
 * its tensor carries; with several, `${name}Mask` for each; wherever the layer has an argument of that name and the caller gave none.
 */
export abstract class KerasLayer extends layers.Layer {
  /** Names of the arguments of Keras's `call` in its order, in camel case: `['query', 'value', 'key', 'queryMask', …]`. */
  abstract readonly argumentNames: readonly string[];

  /** What the layer computes: a tensor, or several in the order of Keras's outputs. Called within `tf.tidy`. */
  abstract run(given: CallArguments): Tensor | Tensor[];

  /** Makes the weights, in Keras's order, for tensors of these shapes by argument; null is an axis of any length. */
  abstract buildFor(shapes: Readonly<Record<string, Shape>>): void;

  /** Shapes of the outputs; `given` holds the shapes of tensors in their places, and what isn't a tensor as it is. */
  abstract outputShapes(given: CallArguments): Shape | Shape[];

  /** Mask that the outputs carry, for the first argument and the mask that it carries; the same mask by default, where masks are supported. */
  override computeMask(_first: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor | Tensor[] {
    return (this.supportsMasking ? (mask ?? null) : null) as Tensor;
  }
}

/** What a layer is called with: tensors, or symbols of them. */
export type KerasInput = Tensor | SymbolicTensor;
