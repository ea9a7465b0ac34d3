import * as tf from '@tensorflow/tfjs-core';

/**
 * x W, [N, X]·[X, Y], for the many x of one unrolled loop. The gradient in W is computed once, as one product of all x and
 * all gradients end to end, where the tape would make one of the size of W per step and add them up.
 *
 * It works through a scalar that every product depends on and that itself depends on W: going back, the tape reaches it
 * after all of them.
 */
export function repeatedProduct(kernel: tf.Variable<tf.Rank.R2>): (x: tf.Tensor2D) => tf.Tensor2D {
  const inputs: tf.Tensor2D[] = [];
  const gradients: tf.Tensor2D[] = [];
  const link = tf.customGrad(() => ({
    value: tf.scalar(0),
    gradFunc: () => tf.matMul(tf.concat2d(inputs, 0), tf.concat2d(gradients, 0), true, false),
  }))(kernel);
  return (x) =>
    tf.customGrad((...args) => {
      const save = args.at(-1) as unknown as tf.GradSaveFunc;
      save([x]);
      return {
        value: tf.matMul(x, kernel),
        gradFunc(dOutput: tf.Tensor, [input]: tf.Tensor[]) {
          inputs.push(input as tf.Tensor2D);
          gradients.push(dOutput as tf.Tensor2D);
          return [tf.matMul(dOutput as tf.Tensor2D, kernel, false, true), tf.scalar(0)];
        },
      };
    })(x, link) as tf.Tensor2D;
}
