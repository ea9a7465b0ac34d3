import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import type { Json } from '../files/read-json.js';
import { KerasLayer, type CallArguments, type CallShapes } from '../layers/keras-layer.js';
import { LayerConfig } from './layer-config.js';
import { shapesByTrial } from './shapes-by-trial.js';

/** A layer of Keras, made from the configuration that Keras writes of it, in snake case. */
export abstract class StandardLayer extends KerasLayer {
  readonly argumentNames: readonly string[] = ['inputs'];
  protected readonly config: LayerConfig;

  constructor(className: string, config: Json) {
    const options = new LayerConfig(className, config);
    super(options.layerArgs);
    this.config = options;
  }

  override buildFor(_shapes: CallShapes): void {}

  /** Shapes of the outputs, found by running the layer on zeros. */
  override outputShapes(given: CallArguments): Shape | Shape[] {
    return shapesByTrial(given, (trial) => this.run(trial));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...(this.config.values as tf.serialization.ConfigDict) };
  }

  /** The first argument, a tensor. */
  protected inputOf(given: CallArguments): Tensor {
    return given[this.argumentNames[0]] as Tensor;
  }

  /** Makes a weight that begins, is regularised and held within bounds as the configuration says for this part: 'kernel', 'bias'. */
  protected weightOf(part: string, name: string, shape: readonly number[], initializer: string): LayerVariable {
    const options = this.config.weight(part, initializer);
    return this.addWeight(
      name,
      [...shape],
      'float32',
      options.initializer,
      options.regularizer,
      true,
      options.constraint,
    );
  }
}
