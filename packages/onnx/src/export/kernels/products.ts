import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { TracedNode } from '../traced.js';
import { typeOf, type Call, type Kernels } from './kernel.js';

/** Kernels that sum products. */
export const PRODUCTS: Kernels = {
  BatchMatMul: {
    infer: ({ a, b }, { transposeA, transposeB }) => [
      { ...typeOf(a), shape: productShape(a, b, [transposeA, transposeB]) },
    ],
    write: (call) => [matMul(call)],
  },
  _FusedMatMul: {
    infer: ({ a, b }, { transposeA, transposeB }) => [
      { ...typeOf(a), shape: productShape(a, b, [transposeA, transposeB]) },
    ],
    write(call) {
      const { write } = call;
      const product = matMul(call);
      const biased = call.has('bias') ? write.op('Add', [product, call.input('bias').name]) : product;
      return [activated(call, biased)];
    },
  },
  Einsum: {
    infer(inputs, { equation }) {
      const tensors = Object.values(inputs);
      const { allDims, idDims, summedDims } = tf.backend_util.decodeEinsumEquation(equation as string, tensors.length);
      tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors as tf.Tensor[]);
      const sizes = allDims.map((_, n) => {
        const at = idDims.findIndex((dims) => dims.includes(n));
        return tensors[at].shape[idDims[at].indexOf(n)];
      });
      return [{ ...typeOf(tensors[0]), shape: sizes.slice(0, sizes.length - summedDims.length) }];
    },
    write: ({ write, inputs, attribute }) => [
      write.op(
        'Einsum',
        inputs.map(({ name }) => name),
        { equation: attribute('equation') },
      ),
    ],
  },
  Conv2D: {
    infer: ({ x, filter }, attributes) => [
      { ...typeOf(x), shape: convolutionOf(x.shape, filter.shape, attributes).outShape },
    ],
    write(call) {
      const { write } = call;
      const [x, filter] = call.inputs;
      const infoOf = ({ inputs: [{ shape }, { shape: filterShape }], attributes }: TracedNode): Convolution =>
        convolutionOf([...shape], [...filterShape], attributes);
      const isLast = call.attribute('dataFormat') !== 'NCHW';
      const image = isLast ? write.op('Transpose', [x.name], { perm: [0, 3, 1, 2] }) : x.name;
      const kernels = write.op('Transpose', [filter.name], { perm: [3, 2, 0, 1] });
      const made = write.op('Conv', [image, kernels], {
        pads: call.same('padding', (node) => {
          const { top, left, bottom, right } = infoOf(node).padInfo;
          return [top, left, bottom, right];
        }),
        strides: call.same('strides', (node) => [infoOf(node).strideHeight, infoOf(node).strideWidth]),
        dilations: call.same('dilations', (node) => [infoOf(node).dilationHeight, infoOf(node).dilationWidth]),
      });
      return [isLast ? write.op('Transpose', [made], { perm: [0, 2, 3, 1] }) : made];
    },
  },
};

type Convolution = tf.backend_util.Conv2DInfo;

function convolutionOf(shape: number[], filter: number[], attributes: Readonly<Record<string, unknown>>): Convolution {
  const { strides, dilations, pad, dimRoundingMode, dataFormat } = attributes as unknown as tf.Conv2DAttrs;
  return tf.backend_util.computeConv2DInfo(
    shape as [number, number, number, number],
    filter as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(dataFormat),
  );
}

function productShape(a: TensorInfo, b: TensorInfo, [transposeA, transposeB]: readonly unknown[]): number[] {
  const rows = a.shape.at(transposeA === true ? -1 : -2)!;
  const columns = b.shape.at(transposeB === true ? -2 : -1)!;
  return [...tf.backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns];
}

function matMul({ write, input, attribute }: Call): string {
  const turned = (name: string, isTransposed: boolean): string => {
    const { name: x, shape } = input(name);
    if (!isTransposed) return x;
    const perm = shape.map((_, axis) => axis);
    return write.op('Transpose', [x], { perm: [...perm.slice(0, -2), perm.length - 1, perm.length - 2] });
  };
  return write.op('MatMul', [turned('a', attribute('transposeA')), turned('b', attribute('transposeB'))]);
}

/** The activations that TensorFlow.js fuses with a product. */
function activated(call: Call, x: string): string {
  const { write } = call;
  const name = call.attribute<string>('activation');
  switch (name) {
    case 'linear':
      return x;
    case 'relu':
      return write.op('Relu', [x]);
    case 'relu6':
      return write.op('Clip', [x, write.scalar('float32', 0), write.scalar('float32', 6)]);
    case 'elu':
      return write.op('Elu', [x]);
    case 'sigmoid':
      return write.op('Sigmoid', [x]);
    case 'prelu':
      return write.op('PRelu', [x, call.input('preluActivationWeights').name]);
    case 'leakyrelu':
      return write.op('LeakyRelu', [x], { alpha: { float: call.attribute('leakyreluAlpha') } });
    default:
      return call.refuse(`its activation '${name}' has no form in ONNX`);
  }
}
