import { HeedError, show } from '@heed/base';
import { eachStep } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { elu, gelu, lastAxis, silu } from '../standard/activations.js';
import { dotProductAttentionOf } from './dot-product-attention.js';
import {
  alongOrFlat,
  arange,
  concat,
  expandDims,
  extreme,
  fromTheStart,
  getItem,
  matmul,
  moveAxes,
  normalize,
  repeat,
  split,
  squeeze,
  stopGradient,
  swapAxes,
  tile,
  triangle,
  turned,
} from './array-operations.js';
import { camel } from './config-case.js';
import {
  axesOf,
  axisOf,
  dtypeOf,
  floats,
  logical,
  numbers,
  numeric,
  pair,
  tensor,
  type Given,
} from './operation-arguments.js';
import { ALIASES, DEFAULTS, OF_TENSORFLOW } from './tensorflow-names.js';

interface Operation {
  /** Names of its arguments in Keras's order. */
  readonly names: readonly string[];
  /** Values of further arguments that ask for what is done anyway. */
  readonly fixed?: Given;
  readonly run: (given: Given) => Tensor | Tensor[];
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

/** Ops that Keras's files have as nodes, by the names of their classes in `keras.src.ops`. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  Add: binary(tf.add),
  Subtract: binary(tf.sub),
  Multiply: binary(tf.mul),
  Divide: binary((a, b) => tf.div(floats(a), floats(b))),
  TrueDivide: binary((a, b) => tf.div(floats(a), floats(b))),
  // TensorFlow.js's gives whole numbers of floats too, whose gradient isn't 0.
  FloorDivide: binary((a, b) => (a.dtype === 'int32' ? tf.floorDiv(a, b) : tf.floor(tf.div(a, b)))),
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
  Reciprocal: activation(tf.reciprocal),
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
  Round: { names: ['x'], fixed: { decimals: 0 }, run: ({ x }) => tf.round(floats(tensor(x))) },
  Sign: unary((x) => tf.sign(numeric(x))),
  Relu: activation(tf.relu),
  Relu6: activation(tf.relu6),
  Sigmoid: activation(tf.sigmoid),
  Softplus: activation(tf.softplus),
  Elu: { names: ['x', 'alpha'], run: ({ x, alpha = 1 }) => elu(floats(tensor(x)), Number(alpha)) },
  Selu: activation(tf.selu),
  Silu: activation(silu),
  Gelu: {
    names: ['x', 'approximate'],
    run: ({ x, approximate }) => gelu(tensor(x), approximate !== false),
  },
  LeakyRelu: {
    names: ['x', 'negativeSlope'],
    run: ({ x, negativeSlope = 0.2 }) => tf.leakyRelu(floats(tensor(x)), Number(negativeSlope)),
  },
  Softmax: {
    names: ['x', 'axis'],
    run: ({ x, axis }) => lastAxis(floats(tensor(x)), axisOf(axis), (moved) => tf.softmax(moved)),
  },
  LogSoftmax: {
    names: ['x', 'axis'],
    run: ({ x, axis }) => lastAxis(floats(tensor(x)), axisOf(axis), (moved) => tf.logSoftmax(moved)),
  },
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
  DotProductAttention: {
    names: ['query', 'key', 'value', 'bias', 'mask', 'scale', 'isCausal'],
    run: dotProductAttentionOf,
  },
  Matmul: {
    names: ['x1', 'x2', 'transposeA', 'transposeB'],
    run: ({ x1, x2, transposeA, transposeB }) =>
      matmul(turned(floats(tensor(x1)), transposeA), turned(floats(tensor(x2)), transposeB)),
  },
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
  Moveaxis: {
    names: ['x', 'source', 'destination'],
    run: ({ x, source, destination }) => moveAxes(tensor(x), numbers(source), numbers(destination)),
  },
  Squeeze: { names: ['x', 'axis'], run: ({ x, axis }) => squeeze(tensor(x), axesOf(axis)) },
  Concatenate: { names: ['xs', 'axis'], run: ({ xs, axis }) => concat(xs as Tensor[], axisOf(axis)) },
  Stack: { names: ['x', 'axis'], run: ({ x, axis }) => tf.stack(x as Tensor[], axisOf(axis, 0)) },
  Split: {
    names: ['x', 'indicesOrSections', 'axis'],
    run: ({ x, indicesOrSections, axis }) => split(tensor(x), indicesOrSections, axisOf(axis, 0)),
  },
  Unstack: { names: ['x', 'num', 'axis'], run: ({ x, axis }) => eachStep(tensor(x), axisOf(axis, 0)) },
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
  Cumsum: { names: ['x', 'axis'], run: ({ x, axis }) => tf.cumsum(...alongOrFlat(numeric(tensor(x)), axis)) },
  Take: {
    names: ['x', 'indices', 'axis'],
    run: ({ x, indices, axis }) => {
      const [values, at] = alongOrFlat(tensor(x), axis);
      return tf.gather(values, fromTheStart(tensor(indices), values.shape[at]!), at);
    },
  },
  OneHot: {
    names: ['x', 'numClasses'],
    fixed: { axis: -1 },
    run: ({ x, numClasses }) => tf.oneHot(tf.cast(tensor(x), 'int32'), Number(numClasses)),
  },
  Tril: { names: ['x', 'k'], run: ({ x, k = 0 }) => triangle(numeric(tensor(x)), (away) => away <= Number(k)) },
  Triu: { names: ['x', 'k'], run: ({ x, k = 0 }) => triangle(numeric(tensor(x)), (away) => away >= Number(k)) },
  Normalize: {
    names: ['x', 'axis'],
    fixed: { order: 2, epsilon: 1e-12 },
    run: ({ x, axis }) => normalize(floats(tensor(x)), axisOf(axis)),
  },
  GetItem: { names: ['x', 'key'], run: ({ x, key }) => getItem(tensor(x), key) },
  Slice: {
    names: ['inputs', 'startIndices', 'shape'],
    run: ({ inputs, startIndices, shape }) => tf.slice(tensor(inputs), numbers(startIndices), numbers(shape)),
  },
  Identity: unary(tf.clone),
};

/** Names of all ops that can be run, for documents and errors. */
export const operationNames = (): readonly string[] => Object.keys(OPERATIONS).toSorted();

/** What runs an op on arguments by position and by name; undefined for one that isn't known. */
export function findOperation(
  name: string,
): ((args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => Tensor | Tensor[]) | undefined {
  const own = Object.hasOwn(OF_TENSORFLOW, name) ? OF_TENSORFLOW[name]! : name;
  if (!Object.hasOwn(OPERATIONS, own)) return undefined;
  const known = OPERATIONS[own]!;
  return (args, kwargs) => {
    const named = Object.fromEntries(
      Object.entries(kwargs).map(([key, value]) => {
        const argument = camel(key);
        return [known.names.includes(argument) ? argument : (ALIASES[argument] ?? argument), value];
      }),
    );
    refuseUnknown(own, known, named);
    // What is given by name isn't given by position: files have an einsum's subscripts apart from its tensors.
    const free = known.names.filter((argument) => !Object.hasOwn(named, argument));
    const byPosition = Object.fromEntries(free.slice(0, args.length).map((argument, n) => [argument, args[n]]));
    return known.run({ ...DEFAULTS[name], rest: args.slice(free.length), ...byPosition, ...named });
  };
}

/** Arguments that change no number: names, types of results that are computed in float32, and how things are stored. */
const MEANINGLESS: ReadonlySet<string> = new Set([
  'name',
  'dtype',
  'outType',
  'outputType',
  'sparse',
  'flashAttention',
]);

/** @throws HeedError INVALID_ARGUMENT for an argument that would change what is computed */
function refuseUnknown(operation: string, { names, fixed = {} }: Operation, named: Given): void {
  for (const [argument, value] of Object.entries(named)) {
    const isKnown = names.includes(argument) || MEANINGLESS.has(argument) || fixed[argument] === value;
    if (isKnown || value === null || value === undefined || value === false) continue;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `the op ${operation} has ${argument} ${show(value)}, which isn't supported`,
      hint: 'write it as a layer of your own in the model, or say in an issue that it is missing',
      details: { operation, argument },
    });
  }
}
