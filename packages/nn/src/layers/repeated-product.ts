import * as tf from '@tensorflow/tfjs-core';

/**
 * x W, [N, X]·[X, Y], for the many x of one unrolled loop. The gradient in W is computed once, as one product of all x and
 * all gradients end to end, where the tape would make one of the size of W per step and add them up.
 *
 * It is the first product that has it: going back, the tape reaches that one last. So every x but the first must depend on
 * parameters, as the states of a loop and what is computed of them do; a product of constants would be forgotten.
 */
export function repeatedProduct(kernel: tf.Tensor2D): (x: tf.Tensor2D) => tf.Tensor2D {
  const inputs: tf.Tensor2D[] = [];
  const gradients: tf.Tensor2D[] = [];
  // A variable outlives the tape; of any other tensor it must keep one for the way back.
  const kept = kernel instanceof tf.Variable ? [] : [kernel];
  let isFirst = true;
  return (x) => {
    const operands: tf.Tensor[] = isFirst ? [x, kernel] : [x];
    isFirst = false;
    return tf.customGrad((...args) => {
      const save = args.at(-1) as unknown as tf.GradSaveFunc;
      save([x, ...kept]);
      return {
        value: tf.matMul(x, kernel),
        gradFunc(dOutput: tf.Tensor, [input, held = kernel]: tf.Tensor[]) {
          inputs.push(input as tf.Tensor2D);
          gradients.push(dOutput as tf.Tensor2D);
          const dInput = tf.matMul(dOutput as tf.Tensor2D, held as tf.Tensor2D, false, true);
          if (operands.length === 1) return [dInput];
          return [dInput, tf.matMul(tf.concat2d(inputs, 0), tf.concat2d(gradients, 0), true, false)];
        },
      };
    })(...operands) as tf.Tensor2D;
  };
}
