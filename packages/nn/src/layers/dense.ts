import * as tf from '@tensorflow/tfjs-core';

/**
 * x W + b, or its relu: x [N, I], W [I, O], b [O] → [N, O]. The gradient in b is a product of ones with dY: to sum columns the
 * wasm engine transposes first, and its broadcasting `add` walks index by index.
 */
export function dense(
  x: tf.Tensor2D,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  activation: 'linear' | 'relu' = 'linear',
): tf.Tensor2D {
  return tf.customGrad((...args) => {
    const save = args.at(-1) as tf.GradSaveFunc;
    const y = tf.fused.matMul({ a: x, b: kernel, bias, activation }) as tf.Tensor2D;
    save(activation === 'relu' ? [x, kernel, y] : [x, kernel]);
    return {
      value: y,
      gradFunc(dOutput: tf.Tensor, [input, weights, output]: tf.Tensor[]) {
        const dSum = output === undefined ? dOutput : tf.mul(dOutput, tf.step(output));
        const rows = dSum.shape[0];
        return [
          tf.matMul(dSum as tf.Tensor2D, weights as tf.Tensor2D, false, true),
          tf.matMul(input as tf.Tensor2D, dSum as tf.Tensor2D, true, false),
          tf.reshape(tf.matMul(tf.ones([1, rows]), dSum as tf.Tensor2D), [bias.size]),
        ];
      },
    };
  })(x, kernel, bias) as tf.Tensor2D;
}
