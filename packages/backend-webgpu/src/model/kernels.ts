import * as tf from '@tensorflow/tfjs-core';
import type { EngineKernel } from '@heed/core';
import { COMPOSED_FORMS, modelKernels, type ModelKernels } from '@heed/core/model-ops';
import type { Scope } from '../scope.js';
import { adam } from './adam.js';
import { forEach, numbersOf } from './elementwise.js';
import { layerNorm, layerNormBackward } from './layer-norm.js';
import { lstmGates, lstmGatesBackward } from './lstm-gates.js';
import { rotary } from './rotary.js';
import { scatter } from './scatter.js';

/**
 * Model ops that are many passes when they are composed: in a step of decoding, or of training a recurrent model, most of the time goes to starting
 * passes, and to copying caches. What has no numbers runs composed.
 */
export function webgpuModelKernels(run: <T>(kernel: (scope: Scope) => T) => T): EngineKernel[] {
  const kernels: ModelKernels = {
    rotaryEmbedding: {
      forward: (inputs, attributes) =>
        isEmpty(inputs.x)
          ? composed('rotaryEmbedding', 'forward', inputs, attributes)
          : run((scope) => ({ y: rotary(scope, inputs, attributes) })),
    },
    tensorScatter: {
      forward: (inputs, attributes) =>
        isEmpty(inputs.cache) || isEmpty(inputs.update)
          ? composed('tensorScatter', 'forward', inputs, attributes)
          : run((scope) => ({ present: scatter(scope, inputs, attributes) })),
    },
    layerNorm: {
      forward: (inputs, attributes) =>
        isEmpty(inputs.x)
          ? composed('layerNorm', 'forward', inputs, attributes)
          : run((scope) => layerNorm(scope, inputs, attributes.epsilon)),
      backward: (inputs, attributes) =>
        isEmpty(inputs.dY)
          ? composed('layerNorm', 'backward', inputs, attributes)
          : run((scope) => layerNormBackward(scope, inputs)),
    },
    squaredRelu: {
      forward: (inputs, attributes) =>
        isEmpty(inputs.x)
          ? composed('squaredRelu', 'forward', inputs, attributes)
          : run((scope) => {
              const y = scope.output(inputs.x.shape);
              forEach(scope, numbersOf(inputs.x), {
                label: 'squared ReLU',
                inputs: { X: inputs.x },
                outputs: { Y: y },
                code: 'Y[n] = select(X[n] * X[n], 0.0, X[n] < 0.0);',
              });
              return { y };
            }),
    },
    lstmGates: {
      forward: (inputs, attributes) =>
        isEmpty(inputs.state)
          ? composed('lstmGates', 'forward', inputs, attributes)
          : run((scope) => lstmGates(scope, inputs, attributes)),
      backward: (inputs, attributes) =>
        isEmpty(inputs.state)
          ? composed('lstmGates', 'backward', inputs, attributes)
          : run((scope) => lstmGatesBackward(scope, inputs, attributes)),
    },
    adam: {
      forward: (inputs, attributes) =>
        isEmpty(inputs.value)
          ? composed('adam', 'forward', inputs, attributes)
          : run((scope) => adam(scope, inputs, attributes)),
    },
  };
  return modelKernels(kernels);
}

type Forms = typeof COMPOSED_FORMS;
type Pass = (inputs: object, attributes: object) => tf.TensorContainer;

/** What a kernel is given are tensors, though it is promised less. */
function composed<Name extends keyof Forms, Way extends keyof Forms[Name]>(
  name: Name,
  way: Way,
  inputs: object,
  attributes: object,
): Forms[Name][Way] extends (...args: never[]) => infer Made ? Made : never {
  const pass = COMPOSED_FORMS[name][way] as unknown as Pass;
  return tf.tidy(() => pass(inputs, attributes)) as never;
}

const isEmpty = (tensor: tf.TensorInfo): boolean => numbersOf(tensor) === 0;
