import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { registerGradient } from './engine.js';

/** The gradient of `tf.einsum`, which TensorFlow.js lacks: an einsum of the output's with the other operand, for each one. */
export function registerEinsumGradient(): void {
  registerGradient('Einsum', [], ([dy], operands, attributes) => {
    const { equation } = attributes as { equation: string };
    const [left, output] = equation.replaceAll(/\s/g, '').split('->') as [string, string];
    const terms = left.split(',');
    return operands.map((operand, n) => {
      const others = terms.filter((_, m) => m !== n);
      const known = [output, ...others];
      const letters = [...terms[n]].filter((letter) => known.some((term) => term.includes(letter)));
      const factors = [dy!, ...operands.filter((_, m) => m !== n)];
      const gradient = tf.einsum(`${known.join(',')}->${letters.join('')}`, ...factors);
      return spread(gradient, letters, terms[n], operand);
    });
  });
}

/** Repeats the gradient along letters that only this operand had, over which the forward pass had summed. */
function spread(gradient: Tensor, letters: readonly string[], term: string, { shape }: Tensor): Tensor {
  if (letters.length === term.length) return gradient;
  const wide = tf.reshape(
    gradient,
    shape.map((length, axis) => (letters.includes(term[axis]) ? length : 1)),
  );
  return tf.broadcastTo(wide, shape);
}
