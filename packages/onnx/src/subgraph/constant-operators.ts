import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { tensorOf } from '../onnx-tensor.js';
import { toTensor } from '../mapping.js';
import type { NodeMessage, TensorMessage } from '../protobuf.js';

/** An operator of tensors; an optional input that is absent is undefined. Whole numbers are int32, whatever their width was. */
type Operator = (args: readonly (Tensor | undefined)[], node: NodeMessage) => Tensor;

const unary =
  (f: (a: Tensor) => Tensor): Operator =>
  ([a]) =>
    f(asNumbers(a!));

const binary =
  (f: (a: Tensor, b: Tensor) => Tensor): Operator =>
  ([a, b]) =>
    f(asNumbers(a!), asNumbers(b!));

const logical =
  (f: (a: Tensor, b: Tensor) => Tensor): Operator =>
  ([a, b]) =>
    f(tf.cast(a!, 'bool'), tf.cast(b!, 'bool'));

const asNumbers = (tensor: Tensor): Tensor => (tensor.dtype === 'bool' ? tf.cast(tensor, 'float32') : tensor);

const numbersOf = (tensor: Tensor): number[] => [...tensor.dataSync()];

const attribute = ({ attribute: all }: NodeMessage, name: string) => all.find((one) => one.name === name);

const axisOf = (node: NodeMessage, otherwise: number): number => attribute(node, 'axis')?.i ?? otherwise;

// TensorProto.DataType of bool.
const BOOL = 9;

/** ⌊a / b⌋ of whole numbers, found in float32 with half a unit's distance from where it turns. */
function floorQuotient(a: Tensor, b: Tensor): Tensor {
  const divisor = tf.cast(b, 'float32');
  return tf.floor(tf.div(tf.add(tf.cast(a, 'float32'), tf.mul(0.5, tf.sign(divisor))), divisor));
}

const areWhole = (a: Tensor, b: Tensor): boolean => a.dtype === 'int32' && b.dtype === 'int32';

/** Of whole numbers without what comes after the point, as ONNX divides them. */
function quotient(a: Tensor, b: Tensor): Tensor {
  if (!areWhole(a, b)) return tf.div(a, b);
  const size = floorQuotient(tf.abs(a), tf.abs(b));
  return tf.cast(tf.mul(size, tf.mul(tf.sign(a), tf.sign(b))), 'int32');
}

/** With the sign of the divisor, of whole numbers. */
const remainder = (a: Tensor, b: Tensor): Tensor =>
  tf.sub(a, tf.mul(b, areWhole(a, b) ? tf.cast(floorQuotient(a, b), 'int32') : floorQuotient(a, b)));

/** TensorProto.DataType of whole numbers. */
const WHOLE: ReadonlySet<number | undefined> = new Set([2, 3, 4, 5, 6, 7, 12, 13]);

export function constantOf(message: TensorMessage, what: string): Tensor {
  const tensor = tensorOf(message, what);
  return WHOLE.has(message.dataType)
    ? tf.tensor(Int32Array.from(tensor.data), [...tensor.shape], 'int32')
    : toTensor(tensor);
}

/** Operators of ONNX with which graphs make masks and biases of positions. */
export const CONSTANT_OPERATORS: Readonly<Record<string, Operator | undefined>> = {
  Constant: (_, node) => {
    const [{ name, t, f, i, ints } = { name: '', t: null, f: 0, i: 0, ints: [] }] = node.attribute;
    if (t !== null) return constantOf(t, 'a constant');
    if (name === 'value_ints') return tf.tensor1d([...ints], 'int32');
    return name === 'value_int' ? tf.scalar(i, 'int32') : tf.scalar(f);
  },
  ConstantOfShape: ([shape], node) => {
    const value = attribute(node, 'value')?.t;
    const given = value ? constantOf(value, 'a constant') : tf.scalar(0);
    return tf.broadcastTo(tf.reshape(given, []), numbersOf(shape!));
  },
  Shape: ([a]) => tf.tensor1d(a!.shape, 'int32'),
  Size: ([a]) => tf.scalar(a!.size, 'int32'),
  Range: ([start, limit, step]) => {
    const [from, to, by] = [start, limit, step].map((one) => numbersOf(one!)[0]);
    return tf.range(from, to, by, start!.dtype === 'int32' ? 'int32' : 'float32');
  },
  Gather: ([a, indices], node) => {
    const axis = axisOf(node, 0);
    const length = a!.shape.at(axis)!;
    const places = numbersOf(indices!).map((n) => (n < 0 ? n + length : n));
    return tf.gather(a!, tf.tensor(places, indices!.shape, 'int32'), axis < 0 ? axis + a!.rank : axis);
  },
  Reshape: ([a, shape]) =>
    tf.reshape(
      a!,
      numbersOf(shape!).map((length, axis) => (length === 0 ? a!.shape[axis] : length)),
    ),
  Unsqueeze: ([a, axes]) => {
    const added = numbersOf(axes!).map((axis) => (axis < 0 ? axis + a!.rank + axes!.size : axis));
    const rest = [...a!.shape];
    const shape = Array.from({ length: a!.rank + added.length }, (_, axis) =>
      added.includes(axis) ? 1 : rest.shift()!,
    );
    return tf.reshape(a!, shape);
  },
  Squeeze: ([a, axes]) => tf.squeeze(a!, axes && numbersOf(axes).map((axis) => (axis < 0 ? axis + a!.rank : axis))),
  Concat: (args, node) =>
    tf.concat(
      args.map((arg) => asNumbers(arg!)),
      axisOf(node, 0),
    ),
  Expand: ([a, shape]) => {
    const wide = tf.backend_util.assertAndGetBroadcastShape(a!.shape, numbersOf(shape!));
    return tf.broadcastTo(a!, wide);
  },
  Transpose: ([a], node) => tf.transpose(a!, attribute(node, 'perm')?.ints.slice()),
  Add: binary((a, b) => tf.add(a, b)),
  Sub: binary((a, b) => tf.sub(a, b)),
  Mul: binary((a, b) => tf.mul(a, b)),
  Div: binary(quotient),
  Neg: unary((a) => tf.neg(a)),
  Abs: unary((a) => tf.abs(a)),
  Exp: unary((a) => tf.exp(a)),
  Log: unary((a) => tf.log(a)),
  Tanh: unary((a) => tf.tanh(a)),
  Sigmoid: unary((a) => tf.sigmoid(a)),
  Sqrt: unary((a) => tf.sqrt(a)),
  Reciprocal: unary((a) => tf.div(1, a)),
  Relu: unary((a) => tf.relu(a)),
  Sign: unary((a) => tf.sign(a)),
  Floor: unary((a) => tf.floor(a)),
  Pow: binary((a, b) => tf.pow(a, b)),
  Min: (args) => args.map((arg) => asNumbers(arg!)).reduce((a, b) => tf.minimum(a, b)),
  Max: (args) => args.map((arg) => asNumbers(arg!)).reduce((a, b) => tf.maximum(a, b)),
  Mod: binary(remainder),
  Greater: binary((a, b) => tf.greater(a, b)),
  GreaterOrEqual: binary((a, b) => tf.greaterEqual(a, b)),
  Less: binary((a, b) => tf.less(a, b)),
  LessOrEqual: binary((a, b) => tf.lessEqual(a, b)),
  Equal: binary((a, b) => tf.equal(a, b)),
  And: logical((a, b) => tf.logicalAnd(a, b)),
  Or: logical((a, b) => tf.logicalOr(a, b)),
  Xor: logical((a, b) => tf.logicalXor(a, b)),
  Not: ([a]) => tf.logicalNot(tf.cast(a!, 'bool')),
  Where: ([condition, a, b]) => tf.where(tf.cast(condition!, 'bool'), asNumbers(a!), asNumbers(b!)),
  Identity: ([a]) => a!,
  Cast: ([a], node) => {
    const to = attribute(node, 'to')?.i;
    return tf.cast(a!, to === BOOL ? 'bool' : WHOLE.has(to) ? 'int32' : 'float32');
  },
  CastLike: ([a, like]) => tf.cast(a!, like!.dtype),
};
