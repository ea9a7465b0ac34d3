import { COMPOSED_FORMS, modelKernels, type Direction } from '@heed/core/model-ops';
import type { EngineKernel } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { TraceBackend } from '../trace-backend.js';
import { typeOf, type Kernels } from './kernel.js';
import { reverse } from './layout.js';

/** Heed's model ops that ONNX has operators for; the others are traced as what they are composed of. */
export const MODEL_OP_KERNELS: Kernels = {
  layerNorm: {
    infer: ({ x }) => [typeOf(x), typeOf(x), { ...typeOf(x), shape: [x.shape[0], 1] }],
    write({ write, inputs, attribute }) {
      const epsilon = { float: attribute<number>('epsilon') };
      return [
        write.op(
          'LayerNormalization',
          inputs.map(({ name }) => name),
          { axis: -1, epsilon },
        ),
        '',
        '',
      ];
    },
  },
  toSteps: {
    infer: ({ x }) => [{ ...typeOf(x), shape: [x.shape[1], x.shape[0], x.shape[2]] }],
    write({ write, inputs: [x], attribute }) {
      const steps = write.op('Transpose', [x.name], { perm: [1, 0, 2] });
      return [attribute<Direction>('direction') === 'forward' ? steps : reverse(write, steps, [0])];
    },
  },
};

/** The model ops above as kernels of the engine that records. */
export function modelOpKernels(backend: TraceBackend): EngineKernel[] {
  const record = (
    name: keyof typeof MODEL_OP_KERNELS,
    inputs: Readonly<Record<string, TensorInfo>>,
    attributes: object,
  ): TensorInfo[] => backend.record(name, inputs, attributes, MODEL_OP_KERNELS[name].infer(inputs, {}));
  return modelKernels({
    layerNorm: {
      forward(inputs, attributes) {
        const [y, normal, inverse] = record('layerNorm', inputs, attributes);
        return { y, normal, inverse };
      },
    },
    toSteps: {
      forward(inputs, { direction, lengths }) {
        // Rows of different lengths are numbers that only this call has.
        if (lengths.some((length) => length !== inputs.x.shape[1])) {
          return COMPOSED_FORMS.toSteps.forward({ x: backend.asTensor(inputs.x) }, { direction, lengths });
        }
        const [steps] = record('toSteps', inputs, { direction });
        return { steps };
      },
    },
    toPositions: {
      forward({ states }, attributes) {
        const tensors = states.map((state) => backend.asTensor(state));
        const { directions, lengths, time } = attributes;
        if (lengths.some((length) => length !== time)) {
          return COMPOSED_FORMS.toPositions.forward({ states: tensors }, attributes);
        }
        const parts = directions.map((direction, d) => {
          const steps = tensors.slice(d * time, (d + 1) * time);
          return tf.stack(direction === 'forward' ? steps : steps.toReversed(), 1);
        });
        return { memory: tf.concat(parts, 2) };
      },
    },
  });
}
