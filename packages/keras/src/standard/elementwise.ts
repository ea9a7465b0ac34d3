import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import type { Json } from '../files/read-json.js';
import type { CallArguments, CallShapes } from '../layers/keras-layer.js';
import { elu, leakyRelu, softmax } from './activations.js';
import { byFormula, type MakeFormula } from './formula.js';
import type { LayerConfig } from './layer-config.js';
import { byClassName, type LayerTable } from './make-layer.js';
import { StandardLayer } from './standard-layer.js';
import { isOver } from './untaped.js';

/** A function of each number, through which the mask goes. */
const ofEach =
  (make: (config: LayerConfig) => (x: Tensor) => Tensor): MakeFormula =>
  (config) => ({ run: make(config), keepsMask: true });

/** max(x, 0) with a slope below a threshold, and a largest value. */
const relu = ofEach((config) => {
  const slope = config.number('negative_slope', 0);
  const threshold = config.number('threshold', 0);
  const largest = config.has('max_value') ? config.number('max_value') : undefined;
  return (x) => {
    const over = threshold === 0 ? tf.relu(x) : tf.mul(x, isOver(x, threshold));
    const clipped = largest === undefined ? over : tf.sub(over, tf.relu(tf.sub(over, largest)));
    return slope === 0 ? clipped : tf.sub(clipped, tf.mul(slope, tf.relu(tf.sub(threshold, x))));
  };
});

// In place of a masked number, as in Keras: no −∞, so that a row without any other isn't NaN.
const MASKED = -3e38;

/** Softmax along one axis or several; masked numbers get 0. */
const softmaxLayer: MakeFormula = (config) => {
  const axes = config.integers('axis', [-1]);
  return {
    argumentNames: ['inputs', 'mask'],
    keepsMask: true,
    run(x, { mask }) {
      const attended = mask === undefined ? undefined : tf.broadcastTo(boolOf(mask as Tensor), x.shape);
      const scores = attended === undefined ? x : tf.where(attended, x, tf.fill(x.shape, MASKED));
      const shares =
        axes.length === 1 ? softmax(scores, axes[0]) : tf.exp(tf.sub(scores, tf.logSumExp(scores, [...axes], true)));
      return attended === undefined ? shares : tf.where(attended, shares, tf.zerosLike(shares));
    },
  };
};

const boolOf = (mask: Tensor): Tensor => (mask.dtype === 'bool' ? mask : tf.greater(mask, 0.5));

/** max(x, 0) + α·min(x, 0), with α learnt for each place, or shared along axes. */
class PReLU extends StandardLayer {
  static readonly className = 'PReLU';
  #alpha!: LayerVariable;

  constructor(config: Json) {
    super(PReLU.className, config);
    this.supportsMasking = true;
  }

  override buildFor({ inputs }: CallShapes): void {
    const shared = this.config.has('shared_axes') ? this.config.integers('shared_axes') : [];
    const [, ...lengths] = inputs as Shape;
    const shape = lengths.map((length, n) => (shared.includes(n + 1) ? 1 : length!));
    this.#alpha = this.weightOf('alpha', 'alpha', shape, 'zeros');
  }

  override run(given: CallArguments): Tensor {
    const x = this.inputOf(given);
    return tf.sub(tf.relu(x), tf.mul(this.#alpha.read(), tf.relu(tf.neg(x))));
  }

  override outputShapes({ inputs }: CallArguments): Shape {
    return inputs as Shape;
  }
}

/** Functions of each number, and softmax. */
export const ACTIVATION_LAYERS: LayerTable = {
  ...byFormula({
    Activation: ofEach((config) => config.activation()),
    ReLU: relu,
    // Keras 2 says alpha.
    LeakyReLU: ofEach((config) => {
      const slope = config.number(config.has('negative_slope') ? 'negative_slope' : 'alpha', 0.3);
      return (x) => leakyRelu(x, slope);
    }),
    ELU: ofEach((config) => {
      const alpha = config.number('alpha', 1);
      return (x) => elu(x, alpha);
    }),
    Softmax: softmaxLayer,
    Identity: ofEach(() => (x) => x),
    Rescaling: ofEach((config) => {
      const [scale, offset] = [config.numbers('scale'), config.numbers('offset', [0])].map((values) =>
        values.length === 1 ? values[0] : values,
      );
      return (x) => tf.add(tf.mul(x, scale), offset);
    }),
  }),
  ...byClassName(PReLU),
};
