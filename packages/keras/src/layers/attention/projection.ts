import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { addBias } from '@heed/core/model-ops';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import { ActivityLoss } from './activity.js';
import { constrained } from '../constrained.js';
import { flattened } from '../flattened.js';
import type { Constraint, Initializer, Regularizer } from '../identifiers.js';
import { KerasLayer, type CallArguments, type CallShapes } from '../keras-layer.js';

export interface ProjectionArgs {
  readonly name: string;
  /** Axes O of the output. */
  readonly outputs: (shape: Shape) => readonly number[];
  /** Number of axes I of the input that are multiplied away. */
  readonly bound: number;
  readonly useBias: boolean;
  readonly kernel: WeightArgs;
  readonly bias: WeightArgs;
  readonly activity: Regularizer | undefined;
  readonly activation?: (x: Tensor) => Tensor;
}

export interface WeightArgs {
  readonly initializer: Initializer;
  readonly regularizer: Regularizer | undefined;
  readonly constraint: Constraint | undefined;
}

/**
 * x·W + b over the last axes of x: Keras's EinsumDense within an attention layer, as one product of matrices, the fast path of every engine.
 * x is [..., I...], the kernel [I..., O...], the bias [O...], the output [..., O...].
 */
export class Projection extends KerasLayer {
  static readonly className = 'HeedProjection';
  readonly argumentNames = ['inputs', 'training'];
  private kernel: LayerVariable | undefined;
  private bias: LayerVariable | undefined;
  private readonly activity: ActivityLoss;

  constructor(private readonly args: ProjectionArgs) {
    super({ name: args.name });
    this.activity = new ActivityLoss(args.activity);
    if (args.activity !== undefined) this.addLoss(() => this.activity.read());
  }

  override buildFor({ inputs }: CallShapes): void {
    const { bound, useBias, kernel, bias } = this.args;
    const outputs = this.args.outputs(inputs as Shape);
    const shape = [...(inputs as Shape).slice(-bound), ...outputs];
    this.kernel = this.weight('kernel', shape, { ...kernel, initializer: flattened(kernel.initializer, bound) });
    if (useBias) this.bias = this.weight('bias', [...outputs], bias);
  }

  override run({ inputs, training }: CallArguments): Tensor {
    return this.of(inputs as Tensor, training);
  }

  override outputShapes({ inputs }: CallArguments): Shape {
    const shape = inputs as Shape;
    return [...shape.slice(0, shape.length - this.args.bound), ...this.args.outputs(shape)];
  }

  private weight(name: string, shape: Shape, { initializer, regularizer, constraint }: WeightArgs): LayerVariable {
    const weight = this.addWeight(name, shape, 'float32', initializer, regularizer, true, constraint);
    return constrained(weight, constraint);
  }

  /** The projection of a tensor, without the layer's call around it. */
  of(x: Tensor, training: unknown): Tensor {
    const { bound, activation } = this.args;
    const product = project(x, this.kernel!.read(), this.bias?.read(), bound);
    const output = activation === undefined ? product : activation(product);
    this.activity.note(output, training);
    return output;
  }
}

function project(x: Tensor, kernel: Tensor, bias: Tensor | undefined, bound: number): Tensor {
  const free = x.shape.slice(0, x.rank - bound);
  const outputs = kernel.shape.slice(bound);
  const [rows, inner, outer] = [free, kernel.shape.slice(0, bound), outputs].map((axes) =>
    axes.reduce((a, b) => a * b, 1),
  );
  if (rows === 0) return tf.zeros([...free, ...outputs]); // no kernel of TensorFlow.js promises to take empty operands
  const product = tf.matMul(tf.reshape(x, [rows, inner]), tf.reshape(kernel, [inner, outer])) as tf.Tensor2D;
  const biased = bias === undefined ? product : addBias(product, tf.reshape(bias, [outer]));
  return tf.reshape(biased, [...free, ...outputs]);
}
