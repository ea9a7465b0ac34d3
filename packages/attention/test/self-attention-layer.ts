import * as tf from '@tensorflow/tfjs';
import { multiHead, selfAttend } from '@heed/attention';

export class SelfAttention extends tf.layers.Layer {
  static readonly className = 'SelfAttention';
  readonly mechanism = multiHead({ queryWidth: 16, memoryWidth: 16, heads: 4, seed: 7 });

  override build(): void {
    this.trainableWeights = Object.entries(this.mechanism.parameters).map(([key, parameter]) => {
      const weight = new tf.LayerVariable(parameter, 'float32', key);
      weight.read().dispose(); // a copy, in whose place the layer gets the mechanism's own variable
      return Object.assign(weight, { val: parameter });
    });
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const input = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor3D;
    return selfAttend(this.mechanism, input).context;
  }
}
