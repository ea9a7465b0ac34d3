import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { TO_BEGINNING, TO_END } from '../graph-writer.js';
import { isConstant, isSame, type Size } from '../sizes.js';
import type { TracedNode } from '../traced.js';
import { typeOf, type Call, type Kernels, type Operand } from './kernel.js';

/** Kernels that move elements without computing. */
export const LAYOUT: Kernels = {
  Reshape: {
    infer: ({ x }, { shape }) => [{ ...typeOf(x), shape: resolved(x, shape as number[]) }],
    write: (call) => [reshape(call, call.inputs[0], call.outputs[0].shape)],
  },
  ExpandDims: {
    infer: ({ input }, { dim }) => [{ ...typeOf(input), shape: inserted(input.shape, dim as number, 1) }],
    write: ({ write, inputs: [x], attribute }) => [write.op('Unsqueeze', [x.name, write.integers([attribute('dim')])])],
  },
  Transpose: {
    infer: ({ x }, { perm }) => [{ ...typeOf(x), shape: (perm as number[]).map((axis) => x.shape[axis]) }],
    write: ({ write, inputs: [x], attribute }) => [write.op('Transpose', [x.name], { perm: attribute('perm') })],
  },
  Concat: {
    infer(inputs, { axis }) {
      const tensors = Object.values(inputs);
      const [first] = tensors;
      const at = axisOf(axis as number, first.shape.length);
      return [
        {
          ...typeOf(first),
          shape: tf.backend_util.computeOutShape(
            tensors.map(({ shape }) => shape),
            at,
          ),
        },
      ];
    },
    write: ({ write, inputs, attribute }) => [
      write.op(
        'Concat',
        inputs.map(({ name }) => name),
        { axis: attribute('axis') },
      ),
    ],
  },
  Pack: {
    infer(inputs, { axis }) {
      const tensors = Object.values(inputs);
      return [{ ...typeOf(tensors[0]), shape: inserted(tensors[0].shape, axis as number, tensors.length) }];
    },
    write({ write, inputs, attribute }) {
      const axis = attribute<number>('axis');
      const axes = write.integers([axis]);
      return [
        write.op(
          'Concat',
          inputs.map(({ name }) => write.op('Unsqueeze', [name, axes])),
          { axis },
        ),
      ];
    },
  },
  Unpack: {
    infer({ value }, { axis }) {
      const at = axisOf(axis as number, value.shape.length);
      const shape = value.shape.toSpliced(at, 1);
      return Array.from({ length: value.shape[at] }, () => ({ ...typeOf(value), shape }));
    },
    write({ write, inputs: [x], outputs, attribute }) {
      const axis = axisOf(attribute('axis'), x.shape.length);
      const axes = write.integers([axis]);
      const parts = write.ops('Split', [x.name], { axis, num_outputs: outputs.length }, outputs.length);
      return parts.map((part) => write.op('Squeeze', [part, axes]));
    },
  },
  SplitV: {
    infer({ x }, { numOrSizeSplits, axis }) {
      const at = axisOf(axis as number, x.shape.length);
      const sizes = tf.backend_util.prepareSplitSize(x as tf.Tensor, numOrSizeSplits as number | number[], at);
      const { dtype } = typeOf(x);
      return sizes.map((size) => ({ dtype, shape: x.shape.with(at, size) }));
    },
    write({ kernel, write, inputs: [x], outputs, attribute }) {
      const axis = axisOf(attribute('axis'), x.shape.length);
      const sizes = write.sizes(
        `a part that ${kernel} makes`,
        outputs.map(({ shape }) => shape[axis]),
      );
      return write.ops('Split', [x.name, sizes], { axis }, outputs.length);
    },
  },
  Slice: {
    infer({ x }, attributes) {
      return [{ ...typeOf(x), shape: sliceOf(x, attributes).size }];
    },
    write(call) {
      const rank = call.inputs[0].shape.length;
      const ranges = call.sizes(({ inputs: [{ shape }], attributes }) => {
        const { begin, size } = sliceOf({ shape: [...shape] }, attributes);
        return [...begin, ...begin.map((from, axis) => from + size[axis])];
      });
      return [slice(call, call.inputs[0], ranges.slice(0, rank), ranges.slice(rank))];
    },
  },
  StridedSlice: {
    infer({ x }, attributes) {
      return [{ ...typeOf(x), shape: stridesOf(x.shape, attributes).finalShape }];
    },
    write(call) {
      const [x] = call.inputs;
      const infoOf = ({ inputs: [{ shape }], attributes }: TracedNode): tf.slice_util.SliceInfo =>
        stridesOf([...shape], attributes);
      const begin = call.sizes((node) => infoOf(node).begin);
      const end = call.sizes((node) => infoOf(node).end);
      const strides = call.same('strides', (node) => infoOf(node).strides);
      const taken = slice(call, x, begin, end, strides);
      const shape = call.sizes((node) => infoOf(node).finalShapeSparse);
      return [reshape(call, { name: taken, shape, dtype: x.dtype }, call.outputs[0].shape)];
    },
  },
  Reverse: {
    infer: ({ x }) => [typeOf(x)],
    write({ write, inputs: [x], attribute }) {
      // All axes, TensorFlow.js's default, come as none.
      const dims = attribute<number | number[] | undefined>('dims') ?? x.shape.map((_, axis) => axis);
      return [
        reverse(
          write,
          x.name,
          [dims].flat().map((axis) => axisOf(axis, x.shape.length)),
        ),
      ];
    },
  },
  Tile: {
    infer: ({ x }, { reps }) => [{ ...typeOf(x), shape: x.shape.map((n, axis) => n * (reps as number[])[axis]) }],
    write(call) {
      const [x] = call.inputs;
      const reps = call.sizes(({ attributes }) => attributes['reps'] as number[]);
      const repeats = (size: Size): boolean => size.some((n) => n !== 1);
      const broadcasts = x.shape.every((size, axis) => !repeats(reps[axis]) || size.every((n) => n === 1));
      if (broadcasts) return [expand(call, x, call.outputs[0].shape)];
      return [call.write.op('Tile', [x.name, call.write.sizes('a number of repetitions', reps)])];
    },
  },
  BroadcastTo: {
    infer: ({ x }, { shape }) => [{ ...typeOf(x), shape: shape as number[] }],
    write: (call) => [expand(call, call.inputs[0], call.outputs[0].shape)],
  },
  PadV2: {
    infer: ({ x }, { paddings }) => [
      { ...typeOf(x), shape: x.shape.map((n, axis) => n + sum((paddings as number[][])[axis])) },
    ],
    write(call) {
      const [x] = call.inputs;
      const { write } = call;
      const pads = [0, 1].flatMap((side) =>
        call.sizes(({ attributes }) => (attributes['paddings'] as number[][]).map((pair) => pair[side])),
      );
      const value = write.scalar(x.dtype, call.attribute('constantValue'));
      return [write.op('Pad', [x.name, write.sizes('a padding', pads), value])];
    },
  },
};

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

export const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

const inserted = (shape: readonly number[], axis: number, size: number): number[] =>
  shape.toSpliced(axisOf(axis, shape.length + 1), 0, size);

const resolved = (x: TensorInfo, shape: number[]): number[] =>
  tf.util.inferFromImplicitShape(shape, tf.util.sizeFromShape(x.shape));

function sliceOf(
  { shape }: Pick<TensorInfo, 'shape'>,
  { begin, size }: Readonly<Record<string, unknown>>,
): { readonly begin: number[]; readonly size: number[] } {
  const x = { shape, rank: shape.length } as tf.Tensor;
  const [from, sizes] = tf.slice_util.parseSliceParams(x, begin as number[], size as number[]);
  return { begin: from, size: sizes };
}

const stridesOf = (shape: number[], attributes: Readonly<Record<string, unknown>>): tf.slice_util.SliceInfo => {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } =
    attributes as unknown as tf.StridedSliceAttrs;
  return tf.slice_util.sliceInfo(
    shape,
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
};

/** x in another shape. What ONNX can see by itself, one size or those that stay, isn't computed. */
function reshape({ kernel, write }: Call, x: Operand, shape: readonly Size[]): string {
  if (shape.length === x.shape.length && shape.every((size, axis) => isSame(size, x.shape[axis]))) return x.name;
  const isEmpty = shape.some((size) => isConstant(size) && size[0] === 0);
  let hasRest = isEmpty;
  const wanted = shape.map((size, axis): Size | bigint => {
    if (isConstant(size)) return size;
    if (!isEmpty && axis < x.shape.length && isSame(size, x.shape[axis])) return 0n;
    if (hasRest) return size;
    hasRest = true;
    return -1n;
  });
  const attributes: Record<string, number> = isEmpty ? { allowzero: 1 } : {};
  return write.op('Reshape', [x.name, write.sizes(`a size that ${kernel} makes`, wanted)], attributes);
}

/** x repeated along axes of length 1, as far as its shape isn't the wanted one. */
export function expand({ kernel, write }: Pick<Call, 'kernel' | 'write'>, x: Operand, shape: readonly Size[]): string {
  const missing = shape.length - x.shape.length;
  const stays = (size: Size, axis: number): boolean => axis >= missing && isSame(size, x.shape[axis - missing]);
  if (missing === 0 && shape.every(stays)) return x.name;
  const wanted = shape.map((size, axis) => (stays(size, axis) ? 1n : size));
  return write.op('Expand', [x.name, write.sizes(`a size that ${kernel} makes`, wanted)]);
}

/** The range [begin, end) of each axis. */
export function slice(
  { kernel, write }: Pick<Call, 'kernel' | 'write'>,
  x: Operand,
  begin: readonly Size[],
  end: readonly Size[],
  strides: readonly number[] = begin.map(() => 1),
): string {
  const isWhole = (axis: number): boolean =>
    strides[axis] === 1 && begin[axis].every((n) => n === 0) && isSame(end[axis], x.shape[axis]);
  const axes = begin.flatMap((_, axis) => (isWhole(axis) ? [] : [axis]));
  if (axes.length === 0) return x.name;
  const endOf = (axis: number): Size | bigint => {
    if (strides[axis] < 0) return end[axis].some((n) => n < 0) ? TO_BEGINNING : end[axis];
    return isSame(end[axis], x.shape[axis]) ? TO_END : end[axis];
  };
  const inputs = [
    x.name,
    write.sizes(
      `where ${kernel} begins`,
      axes.map((axis) => begin[axis]),
    ),
    write.sizes(`where ${kernel} ends`, axes.map(endOf)),
    write.integers(axes),
    ...(axes.some((axis) => strides[axis] !== 1) ? [write.integers(axes.map((axis) => strides[axis]))] : []),
  ];
  return write.op('Slice', inputs);
}

/** x from its end to its beginning along axes. */
export function reverse(write: Call['write'], x: string, axes: readonly number[]): string {
  const all = <T extends number | bigint>(n: T): string => write.integers(axes.map(() => n));
  return axes.length === 0 ? x : write.op('Slice', [x, all(-1), all(TO_BEGINNING), write.integers(axes), all(-1)]);
}
