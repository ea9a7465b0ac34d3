import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { DATA_TYPES } from '../graph-writer.js';
import type { GraphType } from '../graph.js';
import type { TensorType } from '../traced.js';
import type { Call, Kernel, Kernels, Operand } from './kernel.js';
import { typeOf } from './kernel.js';

/** x → y of the same shape; whole numbers go through an op of floats as floats. */
const unary = (write: (x: string, call: Call) => string, { integers = false, dtype }: UnaryOptions = {}): Kernel => ({
  infer: ({ x }) => [{ ...typeOf(x), ...(dtype && { dtype }) }],
  write(call) {
    const [x] = call.inputs;
    const [y] = call.outputs;
    if (integers || x.dtype === 'float32') return [write(x.name, call)];
    const inFloats = write(castTo('float32', x, call), call);
    return [y.dtype === 'bool' ? inFloats : castTo(y.dtype, { name: inFloats, dtype: 'float32' }, call)];
  },
});

interface UnaryOptions {
  /** Whether ONNX's op takes whole numbers too. */
  readonly integers?: boolean;
  /** Type of the result where it is another. */
  readonly dtype?: GraphType;
}

const named = (op: string, options?: UnaryOptions): Kernel => unary((x, { write }) => write.op(op, [x]), options);

/** A value as another type. */
export const castTo = (
  dtype: GraphType,
  { name, dtype: given }: Pick<Operand, 'name' | 'dtype'>,
  { write }: Call,
): string => (dtype === given ? name : write.op('Cast', [name], { to: DATA_TYPES[dtype] }));

const broadcast = (a: TensorInfo, b: TensorInfo): number[] =>
  tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);

/** a, b → their broadcast shape. Bools count as whole numbers. */
const binary = (write: (a: string, b: string, call: Call) => string, isBool = false): Kernel => ({
  infer: ({ a, b }) => [{ shape: broadcast(a, b), dtype: isBool ? 'bool' : (a.dtype as GraphType) }],
  write(call) {
    const [a, b] = call.inputs.map((x) => (x.dtype === 'bool' ? castTo('int32', x, call) : x.name));
    const made = write(a, b, call);
    const isCast = !isBool && call.outputs[0].dtype === 'bool';
    return [isCast ? castTo('bool', { name: made, dtype: 'int32' }, call) : made];
  },
});

const arithmetic = (op: string): Kernel => binary((a, b, { write }) => write.op(op, [a, b]));
const comparison = (op: string): Kernel => binary((a, b, { write }) => write.op(op, [a, b]), true);

const logical = (op: string): Kernel => ({
  infer: ({ a, b }): TensorType[] => [{ shape: broadcast(a, b), dtype: 'bool' }],
  write: (call) => [
    call.write.op(
      op,
      call.inputs.map((x) => castTo('bool', x, call)),
    ),
  ],
});

const one = ({ write }: Call): string => write.scalar('float32', 1);
const zero = ({ write }: Call): string => write.scalar('float32', 0);

/** Kernels that compute each element by itself. */
export const ELEMENTWISE: Kernels = {
  Abs: named('Abs', { integers: true }),
  Acos: named('Acos'),
  Acosh: named('Acosh'),
  Asin: named('Asin'),
  Asinh: named('Asinh'),
  Atan: named('Atan'),
  Atanh: named('Atanh'),
  Ceil: named('Ceil'),
  Cos: named('Cos'),
  Cosh: named('Cosh'),
  Elu: named('Elu'),
  Erf: named('Erf'),
  Exp: named('Exp'),
  Expm1: unary((x, call) => call.write.op('Sub', [call.write.op('Exp', [x]), one(call)])),
  Floor: named('Floor'),
  Identity: unary((x) => x, { integers: true }),
  IsFinite: unary(
    (x, { write }) => write.op('Not', [write.op('Or', [write.op('IsInf', [x]), write.op('IsNaN', [x])])]),
    { dtype: 'bool' },
  ),
  IsInf: named('IsInf', { dtype: 'bool' }),
  IsNan: named('IsNaN', { dtype: 'bool' }),
  LeakyRelu: unary((x, call) => call.write.op('LeakyRelu', [x], { alpha: { float: call.attribute('alpha') } })),
  Log: named('Log'),
  Log1p: unary((x, call) => call.write.op('Log', [call.write.op('Add', [x, one(call)])])),
  Neg: named('Neg', { integers: true }),
  Reciprocal: named('Reciprocal'),
  Relu: named('Relu', { integers: true }),
  Relu6: unary((x, call) => call.write.op('Clip', [x, zero(call), call.write.scalar('float32', 6)])),
  Round: named('Round'),
  Rsqrt: unary((x, { write }) => write.op('Reciprocal', [write.op('Sqrt', [x])])),
  Selu: named('Selu'),
  Sigmoid: named('Sigmoid'),
  Sign: named('Sign', { integers: true }),
  Sin: named('Sin'),
  Sinh: named('Sinh'),
  Softplus: named('Softplus'),
  Sqrt: named('Sqrt'),
  Square: unary((x, { write }) => write.op('Mul', [x, x]), { integers: true }),
  Step: unary((x, call) => {
    const { write } = call;
    const steps = write.op('Where', [
      write.op('Greater', [x, zero(call)]),
      one(call),
      write.scalar('float32', call.attribute('alpha')),
    ]);
    return write.op('Where', [write.op('IsNaN', [x]), x, steps]);
  }),
  Tan: named('Tan'),
  Tanh: named('Tanh'),
  ClipByValue: unary(
    (x, { write, attribute, inputs: [{ dtype }] }) =>
      write.op('Clip', [
        x,
        write.scalar(dtype, attribute('clipValueMin')),
        write.scalar(dtype, attribute('clipValueMax')),
      ]),
    { integers: true },
  ),

  Add: arithmetic('Add'),
  Sub: arithmetic('Sub'),
  Multiply: arithmetic('Mul'),
  RealDiv: arithmetic('Div'),
  Pow: arithmetic('Pow'),
  Maximum: arithmetic('Max'),
  Minimum: arithmetic('Min'),
  Prelu: { ...arithmetic('PRelu'), infer: ({ x }) => [typeOf(x)] },
  SquaredDifference: binary((a, b, { write }) => {
    const difference = write.op('Sub', [a, b]);
    return write.op('Mul', [difference, difference]);
  }),
  FloorDiv: binary((a, b, call) => flooredDivision(a, b, call).quotient),
  Mod: binary((a, b, call) => flooredDivision(a, b, call).remainder),
  AddN: {
    infer: (inputs) => [typeOf(Object.values(inputs)[0])],
    write: ({ write, inputs }) => {
      const names = inputs.map(({ name }) => name);
      if (inputs[0].dtype === 'float32') return [write.op('Sum', names)];
      return [names.reduce((a, b) => write.op('Add', [a, b]))];
    },
  },

  Equal: comparison('Equal'),
  NotEqual: binary((a, b, { write }) => write.op('Not', [write.op('Equal', [a, b])]), true),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  LogicalXor: logical('Xor'),
  LogicalNot: {
    infer: ({ x }) => [{ shape: x.shape, dtype: 'bool' }],
    write: (call) => [call.write.op('Not', [castTo('bool', call.inputs[0], call)])],
  },

  Cast: {
    infer: ({ x }, { dtype }) => [{ shape: x.shape, dtype: dtype as GraphType }],
    write: (call) => [castTo(call.outputs[0].dtype, call.inputs[0], call)],
  },
  Select: {
    infer: ({ t }) => [typeOf(t)],
    write(call) {
      const [condition, t, e] = call.inputs;
      const { write } = call;
      let chosen = castTo('bool', condition, call);
      // A condition of one axis chooses among the rows of tensors of more.
      if (condition.shape.length === 1 && t.shape.length > 1) {
        chosen = write.op('Unsqueeze', [chosen, write.integers(t.shape.slice(1).map((_, n) => n + 1))]);
      }
      return [write.op('Where', [chosen, t.name, e.name])];
    },
  },
};

/** ⌊a / b⌋ and a − b·⌊a / b⌋, as TensorFlow.js has them for floats and for whole numbers. */
function flooredDivision(a: string, b: string, call: Call): { readonly quotient: string; readonly remainder: string } {
  const { write, inputs } = call;
  const isFloat = inputs[0].dtype === 'float32';
  const [x, y] = [a, b].map((name) => (isFloat ? name : castTo('float32', { name, dtype: 'int32' }, call)));
  const floored = write.op('Floor', [write.op('Div', [x, y])]);
  const quotient = isFloat ? floored : castTo('int32', { name: floored, dtype: 'float32' }, call);
  return {
    quotient,
    get remainder() {
      return write.op('Sub', [a, write.op('Mul', [quotient, b])]);
    },
  };
}
