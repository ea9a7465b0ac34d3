import {
  COMPOSED_FORMS,
  conv2dSizes,
  modelKernels,
  type Conv2dAttributes,
  type Direction,
  type GeluApproximation,
} from '@heed/core/model-ops';
import type { EngineKernel } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { TraceBackend } from '../trace-backend.js';
import { typeOf, type Call, type Kernels } from './kernel.js';
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
  gelu: {
    infer: ({ x }) => [typeOf(x)],
    write: (call) => [writeGelu(call, call.inputs[0].name)],
  },
  geluLayer: {
    infer: ({ x }) => [typeOf(x)],
    write(call) {
      const [x, bias] = call.inputs;
      return [writeGelu(call, call.write.op('Add', [x.name, bias.name]))];
    },
  },
  conv2d: {
    infer({ x, filter }, attributes) {
      const sizes = conv2dSizes(x.shape, filter.shape, attributes as unknown as Conv2dAttributes);
      return [{ ...typeOf(x), shape: [sizes.batch, sizes.rows, sizes.columns, sizes.filters] }];
    },
    write({ write, inputs: [x, filter], same }) {
      const of = <T>(what: string, read: (attributes: Conv2dAttributes) => T): T =>
        same(what, ({ attributes }) => read(attributes as unknown as Conv2dAttributes));
      const pictures = write.op('Transpose', [x.name], { perm: [0, 3, 1, 2] });
      const filters = write.op('Transpose', [filter.name], { perm: [3, 2, 0, 1] });
      const made = write.op('Conv', [pictures, filters], {
        strides: of('strides', ({ strides }) => [...strides]),
        pads: of('padding', ({ padRows, padColumns }) => [padRows[0], padColumns[0], padRows[1], padColumns[1]]),
      });
      return [write.op('Transpose', [made], { perm: [0, 2, 3, 1] })];
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

const writeGelu = ({ write, attribute }: Call, x: string): string =>
  write.op('Gelu', [x], { approximate: attribute<GeluApproximation>('approximate') });

/** The model ops above as kernels of the engine that records. */
export function modelOpKernels(backend: TraceBackend): EngineKernel[] {
  const record = (
    name: keyof typeof MODEL_OP_KERNELS,
    inputs: Readonly<Record<string, TensorInfo>>,
    attributes: object,
  ): TensorInfo[] =>
    backend.record(
      name,
      inputs,
      attributes,
      MODEL_OP_KERNELS[name].infer(inputs, attributes as Readonly<Record<string, unknown>>),
    );
  return modelKernels({
    layerNorm: {
      forward(inputs, attributes) {
        const [y, normal, inverse] = record('layerNorm', inputs, attributes);
        return { y, normal, inverse };
      },
    },
    gelu: {
      forward(inputs, attributes) {
        const [y] = record('gelu', inputs, attributes);
        return { y };
      },
    },
    geluLayer: {
      forward(inputs, attributes) {
        const [y] = record('geluLayer', inputs, attributes);
        return { y };
      },
    },
    conv2d: {
      forward(inputs, attributes) {
        const [y] = record('conv2d', inputs, attributes);
        return { y };
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
