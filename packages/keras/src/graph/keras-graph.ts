import { HeedError } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import type { Graph } from './graph.js';
import type { SeenCall } from './pass.js';

/** Lengths of free axes that a graph is tried with, two at a time: what differs in the results is free there, too. */
const TRIED: readonly (readonly [number, number])[] = [
  [3, 4],
  [1, 2],
  [32, 48],
  [1, 1],
];

// A gigabyte of an input, which a page may have and nobody's model asks for.
const MOST_NUMBERS = 2 ** 28;

/** A graph of Keras as a layer of TensorFlow.js, the only one of a `KerasModel`: TensorFlow.js hands it the inputs and gets the outputs. */
export class KerasGraph extends layers.Layer {
  static readonly className = 'KerasGraph';
  readonly graph: Graph;
  /** Called for each call in it, while its tensors live. */
  watcher: ((call: SeenCall) => void) | undefined;
  #outputShapes: readonly Shape[] = [];

  constructor(graph: Graph) {
    super({ name: graph.spec.name });
    this.graph = graph;
  }

  /** Shapes of the inputs as the file has them, with the batch first; null is an axis of any length. */
  get inputShapes(): readonly Shape[] {
    return this.graph.spec.inputs.map(({ layer }) => {
      const { config } = this.graph.spec.layers.find(({ name }) => name === layer)!;
      const shape = config['batch_shape'] ?? config['batch_input_shape'];
      if (
        !Array.isArray(shape) ||
        !shape.every((length) => length === null || (Number.isSafeInteger(length) && length >= 0))
      )
        throw new HeedError('FILE_INVALID', { message: `input ${layer} has batch_shape ${JSON.stringify(shape)}` });
      return shape as Shape;
    });
  }

  /** Makes all weights, by running the graph on zeros. */
  override build(): void {
    let failure: unknown;
    for (const [one, other] of TRIED) {
      try {
        const [first, second] = [this.#shapesFor(one), this.#shapesFor(other)];
        this.#outputShapes = first.map((shape, n) =>
          shape.map((length, axis) => (length === second[n]![axis] && !(axis === 0) ? length : null)),
        );
        this.built = true;
        return;
      } catch (error) {
        failure ??= error;
      }
    }
    throw failure;
  }

  #shapesFor(free: number): Shape[] {
    return tf.tidy(() => {
      const inputs = this.inputShapes.map((shape, n) => {
        const { layer } = this.graph.spec.inputs[n]!;
        const lengths = shape.map((length) => length ?? free);
        if (lengths.reduce((size, length) => size * length, 1) > MOST_NUMBERS)
          throw new HeedError('FILE_TOO_LARGE', {
            message: `input ${layer} is [${lengths.join(', ')}], more than ${MOST_NUMBERS} numbers`,
            details: { layer, shape },
          });
        return tf.zeros(lengths, this.graph.dtypeOf(layer));
      });
      return this.graph.run(inputs, { training: false, masks: new WeakMap() }).map(({ shape }) => shape);
    });
  }

  override computeOutputShape(): Shape | Shape[] {
    const shapes = [...this.#outputShapes];
    return shapes.length === 1 ? shapes[0]! : shapes;
  }

  override call(given: Tensor | Tensor[], { training }: { readonly training?: unknown } = {}): Tensor | Tensor[] {
    return tf.tidy(() => {
      const inputs = Array.isArray(given) ? given : [given];
      const pass = {
        training: training === true,
        masks: new WeakMap<Tensor, Tensor>(),
        ...(this.watcher && { see: this.watcher }),
      };
      // What is an input as it is would be freed with it.
      const outputs = this.graph
        .run(inputs, pass)
        .map((output) => (inputs.includes(output) ? tf.clone(output) : output));
      return outputs.length === 1 ? outputs[0]! : outputs;
    });
  }

  override get trainableWeights(): LayerVariable[] {
    return this.trainable ? this.graph.layers.flatMap(({ trainableWeights }) => trainableWeights) : [];
  }

  override set trainableWeights(_: LayerVariable[]) {}

  override get nonTrainableWeights(): LayerVariable[] {
    const { layers } = this.graph;
    if (this.trainable) return layers.flatMap(({ nonTrainableWeights }) => nonTrainableWeights);
    return layers.flatMap(({ weights }) => weights);
  }

  override set nonTrainableWeights(_: LayerVariable[]) {}

  override get weights(): LayerVariable[] {
    return [...this.trainableWeights, ...this.nonTrainableWeights];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), graph: this.graph.spec.name };
  }
}
