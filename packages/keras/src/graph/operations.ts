import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';

/** Arguments of an op by their names, in camel case as Python has them otherwise. */
type Given = Readonly<Record<string, unknown>>;

interface Operation {
  /** Names of its arguments in Keras's order. */
  readonly names: readonly string[];
  readonly run: (given: Given) => Tensor | Tensor[];
}

const tensor = (value: unknown): Tensor =>
  value instanceof tf.Tensor
    ? value
    : tf.tensor(value as number, undefined, typeof value === 'boolean' ? 'bool' : 'float32');
const numeric = (x: Tensor): Tensor => (x.dtype === 'bool' ? tf.cast(x, 'int32') : x);
const logical = (value: unknown): Tensor => tf.cast(tensor(value), 'bool');
const floats = (x: Tensor): Tensor => tf.cast(x, 'float32');

/** Two operands of one type: integers become floats beside floats, and a plain number takes the type of the other. */
function pair(a: unknown, b: unknown): [Tensor, Tensor] {
  const [x, y] = [a, b].map((one) => (one instanceof tf.Tensor ? numeric(one) : one));
  if (x instanceof tf.Tensor && y instanceof tf.Tensor) return x.dtype === y.dtype ? [x, y] : [floats(x), floats(y)];
  if (x instanceof tf.Tensor)
    return x.dtype === 'int32' && Number.isInteger(y) ? [x, tf.scalar(y as number, 'int32')] : [floats(x), tensor(y)];
  if (y instanceof tf.Tensor)
    return y.dtype === 'int32' && Number.isInteger(x) ? [tf.scalar(x as number, 'int32'), y] : [tensor(x), floats(y)];
  return [tensor(x), tensor(y)];
}

const unary = (run: (x: Tensor) => Tensor): Operation => ({ names: ['x'], run: ({ x }) => run(tensor(x)) });
const activation = (run: (x: Tensor) => Tensor): Operation => unary((x) => run(floats(x)));
const binary = (run: (a: Tensor, b: Tensor) => Tensor): Operation => ({
  names: ['x1', 'x2'],
  run: ({ x1, x2 }) => run(...pair(x1, x2)),
});
const both = (run: (a: Tensor, b: Tensor) => Tensor): Operation => ({
  names: ['x1', 'x2'],
  run: ({ x1, x2 }) => run(logical(x1), logical(x2)),
});
const reduction = (run: (x: Tensor, axis: number[] | undefined, keep: boolean) => Tensor): Operation => ({
  names: ['x', 'axis', 'keepdims'],
  run: ({ x, axis, keepdims }) => run(tensor(x), axesOf(axis), keepdims === true),
});

function axesOf(axis: unknown): number[] | undefined {
  if (axis === undefined || axis === null) return undefined;
  return (Array.isArray(axis) ? axis : [axis]).map(Number);
}

const axisOf = (axis: unknown, otherwise = -1): number =>
  axis === undefined || axis === null ? otherwise : Number(axis);
const numbers = (list: unknown): number[] =>
  (Array.isArray(list) ? list : [list]).map((one) =>
    one instanceof tf.Tensor ? Number(one.dataSync()[0]) : Number(one),
  );

/** Ops that Keras's files have as nodes, by the names of their classes in `keras.src.ops`. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  Add: binary(tf.add),
  Subtract: binary(tf.sub),
  Multiply: binary(tf.mul),
  Divide: binary((a, b) => tf.div(floats(a), floats(b))),
  TrueDivide: binary((a, b) => tf.div(floats(a), floats(b))),
  FloorDivide: binary(tf.floorDiv),
  Mod: binary(tf.mod),
  Power: binary(tf.pow),
  Maximum: binary(tf.maximum),
  Minimum: binary(tf.minimum),
  Equal: binary(tf.equal),
  NotEqual: binary(tf.notEqual),
  Greater: binary(tf.greater),
  GreaterEqual: binary(tf.greaterEqual),
  Less: binary(tf.less),
  LessEqual: binary(tf.lessEqual),
  LogicalAnd: both(tf.logicalAnd),
  LogicalOr: both(tf.logicalOr),
  LogicalXor: both(tf.logicalXor),
  LogicalNot: unary((x) => tf.logicalNot(logical(x))),
  Negative: unary((x) => tf.neg(numeric(x))),
  Absolute: unary((x) => tf.abs(numeric(x))),
  Abs: unary((x) => tf.abs(numeric(x))),
  Square: unary((x) => tf.square(numeric(x))),
  Sqrt: activation(tf.sqrt),
  Rsqrt: activation(tf.rsqrt),
  Exp: activation(tf.exp),
  Expm1: activation(tf.expm1),
  Log: activation(tf.log),
  Log1p: activation(tf.log1p),
  Sin: activation(tf.sin),
  Cos: activation(tf.cos),
  Tanh: activation(tf.tanh),
  Erf: activation(tf.erf),
  Floor: activation(tf.floor),
  Ceil: activation(tf.ceil),
  Round: activation(tf.round),
  Sign: unary((x) => tf.sign(numeric(x))),
  Relu: activation(tf.relu),
  Relu6: activation(tf.relu6),
  Sigmoid: activation(tf.sigmoid),
  Softplus: activation(tf.softplus),
  Elu: activation(tf.elu),
  Selu: activation(tf.selu),
  Silu: activation((x) => tf.mul(x, tf.sigmoid(x))),
  Gelu: {
    names: ['x', 'approximate'],
    run: ({ x, approximate }) => gelu(floats(tensor(x)), approximate !== false),
  },
  LeakyRelu: {
    names: ['x', 'negativeSlope'],
    run: ({ x, negativeSlope = 0.2 }) => tf.leakyRelu(floats(tensor(x)), Number(negativeSlope)),
  },
  Softmax: { names: ['x', 'axis'], run: ({ x, axis }) => softmax(floats(tensor(x)), axisOf(axis), tf.softmax) },
  LogSoftmax: { names: ['x', 'axis'], run: ({ x, axis }) => softmax(floats(tensor(x)), axisOf(axis), tf.logSoftmax) },
  Sum: reduction((x, axis, keep) => tf.sum(numeric(x), axis, keep)),
  Mean: reduction((x, axis, keep) => tf.mean(floats(x), axis, keep)),
  Max: reduction((x, axis, keep) => tf.max(numeric(x), axis, keep)),
  Min: reduction((x, axis, keep) => tf.min(numeric(x), axis, keep)),
  Prod: reduction((x, axis, keep) => tf.prod(numeric(x), axis, keep)),
  Any: reduction((x, axis, keep) => tf.any(logical(x), axis, keep)),
  All: reduction((x, axis, keep) => tf.all(logical(x), axis, keep)),
  Var: reduction((x, axis, keep) => tf.moments(floats(x), axis, keep).variance),
  Std: reduction((x, axis, keep) => tf.sqrt(tf.moments(floats(x), axis, keep).variance)),
  Logsumexp: reduction((x, axis, keep) => tf.logSumExp(floats(x), axis, keep)),
  Argmax: {
    names: ['x', 'axis', 'keepdims'],
    run: ({ x, axis, keepdims }) => extreme(tf.argMax, tensor(x), axis, keepdims),
  },
  Argmin: {
    names: ['x', 'axis', 'keepdims'],
    run: ({ x, axis, keepdims }) => extreme(tf.argMin, tensor(x), axis, keepdims),
  },
  Matmul: { names: ['x1', 'x2'], run: ({ x1, x2 }) => matmul(floats(tensor(x1)), floats(tensor(x2))) },
  Einsum: {
    names: ['subscripts'],
    run: ({ subscripts, rest }) => tf.einsum(String(subscripts), ...(rest as Tensor[])),
  },
  Transpose: { names: ['x', 'axes'], run: ({ x, axes }) => tf.transpose(tensor(x), axesOf(axes)) },
  Swapaxes: {
    names: ['x', 'axis1', 'axis2'],
    run: ({ x, axis1, axis2 }) => swapAxes(tensor(x), Number(axis1), Number(axis2)),
  },
  Reshape: { names: ['x', 'newshape'], run: ({ x, newshape }) => tf.reshape(tensor(x), numbers(newshape)) },
  ExpandDims: { names: ['x', 'axis'], run: ({ x, axis }) => expandDims(tensor(x), axesOf(axis) ?? [-1]) },
  Squeeze: { names: ['x', 'axis'], run: ({ x, axis }) => squeeze(tensor(x), axesOf(axis)) },
  Concatenate: { names: ['xs', 'axis'], run: ({ xs, axis }) => concat(xs as Tensor[], axisOf(axis)) },
  Stack: { names: ['x', 'axis'], run: ({ x, axis }) => tf.stack(x as Tensor[], axisOf(axis, 0)) },
  Split: {
    names: ['x', 'indicesOrSections', 'axis'],
    run: ({ x, indicesOrSections, axis }) => split(tensor(x), indicesOrSections, axisOf(axis, 0)),
  },
  Unstack: { names: ['x', 'num', 'axis'], run: ({ x, axis }) => tf.unstack(tensor(x), axisOf(axis, 0)) },
  Repeat: { names: ['x', 'repeats', 'axis'], run: ({ x, repeats, axis }) => repeat(tensor(x), Number(repeats), axis) },
  Tile: { names: ['x', 'repeats'], run: ({ x, repeats }) => tile(tensor(x), numbers(repeats)) },
  Flip: { names: ['x', 'axis'], run: ({ x, axis }) => tf.reverse(tensor(x), axesOf(axis)) },
  BroadcastTo: { names: ['x', 'shape'], run: ({ x, shape }) => tf.broadcastTo(tensor(x), numbers(shape)) },
  Where: {
    names: ['condition', 'x1', 'x2'],
    run: ({ condition, x1, x2 }) => tf.where(logical(condition), ...pair(x1, x2)),
  },
  Clip: {
    names: ['x', 'xMin', 'xMax'],
    run: ({ x, xMin, xMax }) => tf.clipByValue(numeric(tensor(x)), Number(xMin), Number(xMax)),
  },
  Cast: { names: ['x', 'dtype'], run: ({ x, dtype }) => tf.cast(tensor(x), dtypeOf(dtype)) },
  ConvertToTensor: {
    names: ['x', 'dtype'],
    run: ({ x, dtype }) =>
      dtype === undefined || dtype === null ? tf.clone(tensor(x)) : tf.cast(tensor(x), dtypeOf(dtype)),
  },
  StopGradient: { names: ['variable'], run: ({ variable }) => stopGradient(tensor(variable)) },
  ZerosLike: {
    names: ['x', 'dtype'],
    run: ({ x, dtype }) => tf.zeros(tensor(x).shape, dtype ? dtypeOf(dtype) : tensor(x).dtype),
  },
  OnesLike: {
    names: ['x', 'dtype'],
    run: ({ x, dtype }) => tf.ones(tensor(x).shape, dtype ? dtypeOf(dtype) : tensor(x).dtype),
  },
  Zeros: {
    names: ['shape', 'dtype'],
    run: ({ shape, dtype }) => tf.zeros(numbers(shape), dtypeOf(dtype ?? 'float32')),
  },
  Ones: { names: ['shape', 'dtype'], run: ({ shape, dtype }) => tf.ones(numbers(shape), dtypeOf(dtype ?? 'float32')) },
  Arange: { names: ['start', 'stop', 'step', 'dtype'], run: arange },
  Cumsum: { names: ['x', 'axis'], run: ({ x, axis }) => tf.cumsum(numeric(tensor(x)), axisOf(axis, 0)) },
  Take: {
    names: ['x', 'indices', 'axis'],
    run: ({ x, indices, axis }) => tf.gather(tensor(x), tf.cast(tensor(indices), 'int32'), axisOf(axis, 0)),
  },
  OneHot: {
    names: ['x', 'numClasses'],
    run: ({ x, numClasses }) => tf.oneHot(tf.cast(tensor(x), 'int32'), Number(numClasses)),
  },
  Tril: { names: ['x', 'k'], run: ({ x, k = 0 }) => tf.linalg.bandPart(floats(tensor(x)), -1, Number(k)) },
  Triu: { names: ['x', 'k'], run: ({ x, k = 0 }) => tf.linalg.bandPart(floats(tensor(x)), Number(k), -1) },
  Normalize: { names: ['x', 'axis'], run: ({ x, axis }) => normalize(floats(tensor(x)), axisOf(axis)) },
  GetItem: { names: ['x', 'key'], run: ({ x, key }) => getItem(tensor(x), key) },
  Slice: {
    names: ['inputs', 'startIndices', 'shape'],
    run: ({ inputs, startIndices, shape }) => tf.slice(tensor(inputs), numbers(startIndices), numbers(shape)),
  },
  Identity: unary(tf.clone),
};

/** Names of `tf.*` that TFOpLambda layers of Keras 2 have, as ops of Keras 3. */
const OF_TENSORFLOW: Readonly<Record<string, string>> = {
  '__operators__.add': 'Add',
  'math.add': 'Add',
  '__operators__.subtract': 'Subtract',
  'math.subtract': 'Subtract',
  'math.multiply': 'Multiply',
  'math.truediv': 'Divide',
  'math.divide': 'Divide',
  '__operators__.floordiv': 'FloorDivide',
  '__operators__.pow': 'Power',
  'math.pow': 'Power',
  '__operators__.ne': 'NotEqual',
  'math.not_equal': 'NotEqual',
  '__operators__.eq': 'Equal',
  'math.equal': 'Equal',
  'math.greater': 'Greater',
  'math.greater_equal': 'GreaterEqual',
  'math.less': 'Less',
  'math.less_equal': 'LessEqual',
  'math.logical_and': 'LogicalAnd',
  'math.logical_or': 'LogicalOr',
  'math.logical_not': 'LogicalNot',
  'math.maximum': 'Maximum',
  'math.minimum': 'Minimum',
  'math.negative': 'Negative',
  'math.abs': 'Absolute',
  'math.square': 'Square',
  'math.sqrt': 'Sqrt',
  'math.exp': 'Exp',
  'math.log': 'Log',
  'math.sin': 'Sin',
  'math.cos': 'Cos',
  'math.tanh': 'Tanh',
  'math.sigmoid': 'Sigmoid',
  'nn.relu': 'Relu',
  'nn.sigmoid': 'Sigmoid',
  'nn.tanh': 'Tanh',
  'nn.gelu': 'Gelu',
  'nn.silu': 'Silu',
  'nn.softmax': 'Softmax',
  'nn.log_softmax': 'LogSoftmax',
  'math.reduce_sum': 'Sum',
  'math.reduce_mean': 'Mean',
  'math.reduce_max': 'Max',
  'math.reduce_min': 'Min',
  'math.reduce_prod': 'Prod',
  'math.reduce_any': 'Any',
  'math.reduce_all': 'All',
  'math.argmax': 'Argmax',
  'linalg.matmul': 'Matmul',
  'compat.v1.transpose': 'Transpose',
  transpose: 'Transpose',
  reshape: 'Reshape',
  expand_dims: 'ExpandDims',
  squeeze: 'Squeeze',
  'compat.v1.squeeze': 'Squeeze',
  concat: 'Concatenate',
  stack: 'Stack',
  tile: 'Tile',
  where: 'Where',
  cast: 'Cast',
  identity: 'Identity',
  convert_to_tensor: 'ConvertToTensor',
  zeros_like: 'ZerosLike',
  ones_like: 'OnesLike',
  one_hot: 'OneHot',
  gather: 'Take',
  '__operators__.getitem': 'GetItem',
};

/** Names of arguments that TensorFlow calls otherwise. */
const ALIASES: Readonly<Record<string, string>> = {
  x: 'x1',
  y: 'x2',
  a: 'x1',
  b: 'x2',
  inputTensor: 'x',
  input: 'x',
  logits: 'x',
  features: 'x',
  tensor: 'x',
  value: 'x',
  values: 'xs',
  shape: 'newshape',
  multiples: 'repeats',
  perm: 'axes',
  depth: 'numClasses',
  params: 'x',
  sliceSpec: 'key',
  condition: 'condition',
};

/** Names of all ops that can be run, for documents and errors. */
export const operationNames = (): readonly string[] => Object.keys(OPERATIONS).toSorted();

/** What runs an op on arguments by position and by name; undefined for one that isn't known. */
export function findOperation(
  name: string,
): ((args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => Tensor | Tensor[]) | undefined {
  const known = OPERATIONS[name] ?? OPERATIONS[OF_TENSORFLOW[name] ?? ''];
  if (known === undefined || !(Object.hasOwn(OPERATIONS, name) || Object.hasOwn(OF_TENSORFLOW, name))) return undefined;
  return (args, kwargs) => {
    const given: Record<string, unknown> = { rest: args.slice(known.names.length) };
    for (const [n, value] of args.slice(0, known.names.length).entries()) given[known.names[n]!] = value;
    for (const [key, value] of Object.entries(kwargs)) {
      const own = key.replaceAll(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
      given[known.names.includes(own) ? own : (ALIASES[own] ?? own)] = value;
    }
    return known.run(given);
  };
}

function gelu(x: Tensor, approximate: boolean): Tensor {
  const inner = approximate
    ? tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3)))))
    : tf.erf(tf.div(x, Math.SQRT2));
  return tf.mul(tf.mul(0.5, x), tf.add(1, inner));
}

/** Along any axis, where TensorFlow.js takes the last one alone. */
function softmax(x: Tensor, axis: number, run: (x: Tensor) => Tensor): Tensor {
  const at = axis < 0 ? axis + x.rank : axis;
  if (at === x.rank - 1) return run(x);
  return swapAxes(run(swapAxes(x, at, x.rank - 1)), at, x.rank - 1);
}

function swapAxes(x: Tensor, a: number, b: number): Tensor {
  const axes = x.shape.map((_, n) => n);
  const [from, to] = [a, b].map((axis) => (axis < 0 ? axis + x.rank : axis)) as [number, number];
  axes[from] = to;
  axes[to] = from;
  return tf.transpose(x, axes);
}

function extreme(run: typeof tf.argMax, x: Tensor, axis: unknown, keep: unknown): Tensor {
  if (axis === undefined || axis === null) return run(tf.reshape(x, [-1]), 0);
  const found = run(x, Number(axis));
  return keep === true ? tf.expandDims(found, Number(axis)) : found;
}

/** NumPy's product: vectors on either side, and batches that broadcast. */
function matmul(a: Tensor, b: Tensor): Tensor {
  if (a.rank === 1 && b.rank === 1) return tf.dot(a, b);
  if (b.rank === 1)
    return tf.squeeze(
      matmul(a, tf.expandDims(b, 1)),
      [-1].map((axis) => axis + Math.max(a.rank, 2)),
    );
  if (a.rank === 1) {
    const product = matmul(tf.expandDims(a, 0), b);
    return tf.squeeze(product, [product.rank - 2]);
  }
  // A matrix on the right, as kernels are: one product instead of one for each batch row.
  if (b.rank === 2 && a.rank > 2) {
    const rows = tf.matMul(tf.reshape(a, [-1, a.shape.at(-1)!]) as tf.Tensor2D, b as tf.Tensor2D);
    return tf.reshape(rows, [...a.shape.slice(0, -1), b.shape[1]!]);
  }
  return tf.matMul(a, b);
}

function expandDims(x: Tensor, axes: readonly number[]): Tensor {
  const rank = x.rank + axes.length;
  const at = axes.map((axis) => (axis < 0 ? axis + rank : axis)).toSorted((a, b) => a - b);
  return at.reduce((y, axis) => tf.expandDims(y, axis), x);
}

const squeeze = (x: Tensor, axes: readonly number[] | undefined): Tensor =>
  tf.squeeze(
    x,
    axes?.map((axis) => (axis < 0 ? axis + x.rank : axis)),
  );

function concat(xs: readonly Tensor[], axis: number): Tensor {
  const same = xs.every(({ dtype }) => dtype === xs[0]!.dtype);
  return tf.concat(same ? [...xs] : xs.map(floats), axis);
}

function split(x: Tensor, sections: unknown, axis: number): Tensor[] {
  if (typeof sections === 'number') return tf.split(x, sections, axis);
  const at = axis < 0 ? axis + x.rank : axis;
  const ends = [...numbers(sections), x.shape[at]!];
  return tf.split(
    x,
    ends.map((end, n) => end - (ends[n - 1] ?? 0)),
    at,
  );
}

function repeat(x: Tensor, times: number, axis: unknown): Tensor {
  if (axis === undefined || axis === null) return repeat(tf.reshape(x, [-1]), times, 0);
  const at = axisOf(axis) < 0 ? axisOf(axis) + x.rank : axisOf(axis);
  const repeated = tf.tile(tf.expandDims(x, at + 1), [
    ...x.shape.map(() => 1).slice(0, at + 1),
    times,
    ...x.shape.slice(at + 1).map(() => 1),
  ]);
  return tf.reshape(repeated, x.shape.with(at, x.shape[at]! * times));
}

function tile(x: Tensor, times: readonly number[]): Tensor {
  const rank = Math.max(times.length, x.rank);
  const wide = tf.reshape(x, [...Array<number>(rank - x.rank).fill(1), ...x.shape]);
  return tf.tile(wide, [...Array<number>(rank - times.length).fill(1), ...times]);
}

const stopGradient = (x: Tensor): Tensor =>
  tf.customGrad((...given) => {
    const y = given[0] as Tensor;
    return { value: tf.clone(y), gradFunc: (dy: Tensor) => tf.zerosLike(dy) };
  })(x);

function arange({ start, stop, step = 1, dtype }: Given): Tensor {
  const [from, to] = stop === undefined || stop === null ? [0, start] : [start, stop];
  const type = dtype === undefined || dtype === null ? 'int32' : dtypeOf(dtype);
  return tf.range(numbers(from)[0]!, numbers(to)[0]!, Number(step), type === 'float32' ? 'float32' : 'int32');
}

function normalize(x: Tensor, axis: number): Tensor {
  const length = tf.sqrt(tf.sum(tf.square(x), axis, true));
  return tf.div(x, tf.maximum(length, 1e-12));
}

/** What Keras's files say of a type: 'float32', or a policy. */
function dtypeOf(dtype: unknown): 'float32' | 'int32' | 'bool' {
  const name = typeof dtype === 'string' ? dtype : String((dtype as { config?: { name?: unknown } }).config?.name);
  if (name === 'bool') return 'bool';
  return /^u?int/.test(name) ? 'int32' : 'float32';
}

/** An index, a slice, or a tuple of them, among them None and an ellipsis. */
function getItem(x: Tensor, key: unknown): Tensor {
  const given = Array.isArray(key) ? key : [key];
  const takes = given.filter((one) => one !== null && one !== '...' && !isEllipsis(one)).length;
  const parts = given.flatMap((one) =>
    isEllipsis(one) || one === '...' ? Array<unknown>(x.rank - takes).fill({}) : [one],
  );
  let axis = 0;
  let y = x;
  for (const part of parts) {
    if (part === null) y = tf.expandDims(y, axis++);
    else if (typeof part === 'number') {
      y = tf.squeeze(tf.slice(y, beginAt(y, axis, part < 0 ? part + y.shape[axis]! : part), sizeAt(y, axis, 1)), [
        axis,
      ]);
    } else y = sliced(y, axis++, part as Readonly<Record<string, unknown>>);
  }
  return y === x ? tf.clone(x) : y;
}

const isEllipsis = (part: unknown): boolean =>
  typeof part === 'object' && part !== null && (part as { class_name?: unknown }).class_name === '__ellipsis__';

function sliced(x: Tensor, axis: number, part: Readonly<Record<string, unknown>>): Tensor {
  const { start, stop, step } = (part['config'] ?? part) as Readonly<Record<string, unknown>>;
  const length = x.shape[axis]!;
  const place = (value: unknown, otherwise: number): number => {
    if (value === undefined || value === null) return otherwise;
    const at = Number(value) < 0 ? Number(value) + length : Number(value);
    return Math.min(Math.max(at, 0), length);
  };
  const stride = step === undefined || step === null ? 1 : Number(step);
  if (stride < 1)
    throw new HeedError('INVALID_ARGUMENT', {
      message: `a slice with step ${stride}`,
      hint: 'only steps above 0 are supported',
    });
  const [from, to] = [place(start, 0), place(stop, length)];
  const taken = tf.slice(x, beginAt(x, axis, from), sizeAt(x, axis, Math.max(to - from, 0)));
  if (stride === 1) return taken;
  const indices = Array.from({ length: Math.ceil((to - from) / stride) }, (_, n) => n * stride);
  return tf.gather(taken, tf.tensor1d(indices, 'int32'), axis);
}

const beginAt = (x: Tensor, axis: number, from: number): number[] => x.shape.map((_, n) => (n === axis ? from : 0));
const sizeAt = (x: Tensor, axis: number, size: number): number[] =>
  x.shape.map((length, n) => (n === axis ? size : length));
