import * as tf from '@tensorflow/tfjs-core';
import { DATA_TYPES } from '../graph-writer.js';
import type { GraphType } from '../graph.js';
import { castTo } from './elementwise.js';
import { typeOf, type Call, type Kernel, type Kernels } from './kernel.js';
import { axisOf } from './layout.js';

interface Options {
  /** Name of the attribute that holds the axes. */
  readonly axes?: string;
  /** Whether it is of bools. */
  readonly isBool?: boolean;
}

/** A reduction over some axes; bools are reduced as whole numbers. */
const reduction = (op: string, { axes: key = 'axis', isBool = false }: Options = {}): Kernel => ({
  infer({ x }, attributes) {
    const axes = axesOf(attributes[key], x.shape.length);
    const [short] = tf.backend_util.computeOutAndReduceShapes(x.shape, axes);
    const shape = attributes['keepDims'] === true ? tf.backend_util.expandShapeToKeepDim(short, axes) : short;
    return [{ ...typeOf(x), shape, ...(isBool && { dtype: 'bool' }) }];
  },
  write(call) {
    const [x] = call.inputs;
    const { write } = call;
    const axes = axesOf(call.attribute(key), x.shape.length);
    if (axes.length === 0) return [x.name];
    const numbers = x.dtype === 'bool' ? castTo('int32', x, call) : x.name;
    const keepdims = call.attribute<boolean | undefined>('keepDims') === true ? 1 : 0;
    const reduced = write.op(op, [numbers, write.integers(axes)], { keepdims });
    return [x.dtype === 'bool' ? castTo('bool', { name: reduced, dtype: 'int32' }, call) : reduced];
  },
});

/** Where the greatest or the least is, as int32. */
const place = (op: string): Kernel => ({
  infer: ({ x }, { axis }) => [{ shape: x.shape.toSpliced(axisOf(axis as number, x.shape.length), 1), dtype: 'int32' }],
  write: (call) => {
    const [x] = call.inputs;
    const axis = axisOf([call.attribute<number | number[]>('axis')].flat()[0], x.shape.length);
    return [call.write.op('Cast', [call.write.op(op, [x.name], { axis, keepdims: 0 })], { to: DATA_TYPES.int32 })];
  },
});

/** Kernels that make fewer elements of an axis, or running ones. */
export const REDUCTIONS: Kernels = {
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean'),
  Prod: reduction('ReduceProd'),
  Max: reduction('ReduceMax', { axes: 'reductionIndices' }),
  Min: reduction('ReduceMin'),
  All: reduction('ReduceMin', { isBool: true }),
  Any: reduction('ReduceMax', { isBool: true }),
  ArgMax: place('ArgMax'),
  ArgMin: place('ArgMin'),
  Softmax: {
    infer: ({ logits }) => [typeOf(logits)],
    write: ({ write, inputs: [x], attribute }) => [write.op('Softmax', [x.name], { axis: attribute('dim') })],
  },
  LogSoftmax: {
    infer: ({ logits }) => [typeOf(logits)],
    write: ({ write, inputs: [x], attribute }) => [write.op('LogSoftmax', [x.name], { axis: attribute('axis') })],
  },
  Cumsum: {
    infer: ({ x }) => [typeOf(x)],
    write: ({ write, inputs: [x], attribute }) => [
      write.op('CumSum', [x.name, write.scalar('int32', axisOf(attribute('axis'), x.shape.length))], {
        exclusive: attribute('exclusive') ? 1 : 0,
        reverse: attribute('reverse') ? 1 : 0,
      }),
    ],
  },
  TopK: {
    infer: ({ x }, { k }) => {
      const shape = [...x.shape.slice(0, -1), k as number];
      return [
        { ...typeOf(x), shape },
        { shape, dtype: 'int32' as GraphType },
      ];
    },
    write(call: Call) {
      const { write, inputs, outputs, attribute } = call;
      const k = write.sizes('a number of greatest ones', [outputs[0].shape.at(-1)!]);
      const [values, places] = write.ops('TopK', [inputs[0].name, k], { sorted: attribute('sorted') ? 1 : 0 }, 2);
      return [values, write.op('Cast', [places], { to: DATA_TYPES.int32 })];
    },
  },
};

function axesOf(given: unknown, rank: number): number[] {
  const axes =
    given === undefined || given === null ? Array.from({ length: rank }, (_, n) => n) : [given as number[]].flat();
  return axes.map((axis) => axisOf(axis, rank));
}
