import * as tf from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import type { Constraint } from './identifiers.js';

/**
 * A weight that its constraint holds after every update, as in Keras. TensorFlow.js applies constraints to weights that are set, not to those that an
 * optimizer changes; so whoever reads this one, a layer, an optimizer or who saves it, finds it projected first.
 */
export function constrained(weight: LayerVariable, constraint: Constraint | undefined): LayerVariable {
  if (constraint === undefined) return weight;
  const read = weight.read.bind(weight);
  let projected: object | undefined;
  weight.read = () => {
    const variable = read() as tf.Variable;
    // An update brings the variable other data.
    if (variable.dataId !== projected) {
      tf.tidy(() => variable.assign(constraint.apply(variable)));
      projected = variable.dataId;
    }
    return variable;
  };
  return weight;
}
