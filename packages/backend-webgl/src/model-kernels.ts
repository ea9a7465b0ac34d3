import * as tf from '@tensorflow/tfjs-core';
import type { EngineKernel } from '@heed/core';
import { COMPOSED_FORMS, modelKernels, type ModelKernels } from '@heed/core/model-ops';
import { layerNorm } from './passes/layer-norm.js';
import { rotary } from './passes/rotary.js';
import { scatter } from './passes/scatter.js';
import { squaredRelu } from './passes/squared-relu.js';
import type { Scope } from './scope.js';

/** Model ops that are many passes when they are composed: in a step of decoding, most of the time goes to starting passes, and to copying caches. */
export function webglModelKernels(run: <T>(kernel: (scope: Scope) => T) => T): EngineKernel[] {
  const kernels: ModelKernels = {
    rotaryEmbedding: {
      forward: (inputs, attributes) => run((scope) => ({ y: rotary(scope, inputs, attributes) })),
    },
    tensorScatter: {
      forward(inputs, attributes) {
        const present = attributes.inPlace ? run((scope) => scatter(scope, inputs, attributes)) : undefined;
        if (present !== undefined) return { present };
        return tf.tidy(() => COMPOSED_FORMS.tensorScatter.forward(inputs as Tensors<typeof inputs>, attributes));
      },
    },
    layerNorm: {
      forward: (inputs, attributes) =>
        isEmpty(inputs.x)
          ? tf.tidy(() => COMPOSED_FORMS.layerNorm.forward(inputs as Tensors<typeof inputs>, attributes))
          : run((scope) => layerNorm(scope, inputs, attributes.epsilon)),
    },
    squaredRelu: {
      forward: (inputs) =>
        isEmpty(inputs.x)
          ? tf.tidy(() => COMPOSED_FORMS.squaredRelu.forward(inputs as Tensors<typeof inputs>, {}))
          : run((scope) => ({ y: squaredRelu(scope, inputs.x) })),
    },
  };
  return modelKernels(kernels);
}

/** What a kernel is given are tensors, though it is promised less. */
type Tensors<Inputs> = { readonly [Name in keyof Inputs]: tf.Tensor };

const isEmpty = ({ shape }: tf.TensorInfo): boolean => tf.util.sizeFromShape(shape) === 0;
