import type { SymbolicBoolean, SymbolicNumber } from '@heed/core';
import type { NodeMessage } from '../protobuf.js';
import { booleanOf, numberOf, type GraphValue } from './symbols.js';

/** An operator at one position; an optional input that is absent is undefined. */
type Operator = (args: readonly (GraphValue | undefined)[], node: NodeMessage) => GraphValue;

const unary =
  (f: (a: SymbolicNumber) => GraphValue): Operator =>
  ([a]) =>
    f(numberOf(a!));

const binary =
  (f: (a: SymbolicNumber, b: SymbolicNumber) => GraphValue): Operator =>
  ([a, b]) =>
    f(numberOf(a!), numberOf(b!));

/** Any number of inputs, from left to right. */
const chain =
  (f: (a: SymbolicNumber, b: SymbolicNumber) => SymbolicNumber): Operator =>
  (args) =>
    args.map((arg) => numberOf(arg!)).reduce(f);

const logical =
  (f: (a: SymbolicBoolean, b: SymbolicBoolean) => SymbolicBoolean): Operator =>
  ([a, b]) =>
    f(booleanOf(a!), booleanOf(b!));

// TensorProto.DataType of bool.
const BOOL = 9;

const attribute = ({ attribute: all }: NodeMessage, name: string): number | undefined => {
  const found = all.find((one) => one.name === name);
  return found && (found.type === 1 ? found.f : found.i);
};

/** Operators of ONNX that work position by position, as hooks have them. */
export const ELEMENTWISE_OPERATORS: Readonly<Record<string, Operator | undefined>> = {
  Add: binary((a, b) => a.add(b)),
  Sub: binary((a, b) => a.sub(b)),
  Mul: binary((a, b) => a.mul(b)),
  Div: binary((a, b) => a.div(b)),
  Neg: unary((a) => a.neg()),
  Abs: unary((a) => a.abs()),
  Exp: unary((a) => a.exp()),
  Log: unary((a) => a.log()),
  Tanh: unary((a) => a.tanh()),
  Sigmoid: unary((a) => a.sigmoid()),
  Sqrt: unary((a) => a.sqrt()),
  Sin: unary((a) => a.sin()),
  Cos: unary((a) => a.cos()),
  Reciprocal: unary((a) => a.pow(-1)),
  Relu: unary((a) => a.max(0)),
  LeakyRelu: ([a], node) => {
    const x = numberOf(a!);
    return x.lt(0).select(x.mul(attribute(node, 'alpha') ?? 0.01), x);
  },
  Softplus: unary((a) => a.max(0).add(a.abs().neg().exp().add(1).log())),
  Sign: unary((a) => a.gt(0).select(1, a.lt(0).select(-1, 0))),
  Floor: unary((a) => a.floorDiv(1)),
  Pow: binary((a, b) => a.pow(b)),
  Min: chain((a, b) => a.min(b)),
  Max: chain((a, b) => a.max(b)),
  Sum: chain((a, b) => a.add(b)),
  Mean: (args) =>
    args
      .map((arg) => numberOf(arg!))
      .reduce((a, b) => a.add(b))
      .div(args.length),
  Clip: ([a, low, high]) => {
    const x = numberOf(a!);
    const above = low === undefined ? x : x.max(numberOf(low));
    return high === undefined ? above : above.min(numberOf(high));
  },
  Mod: binary((a, b) => a.mod(b)),
  Greater: binary((a, b) => a.gt(b)),
  GreaterOrEqual: binary((a, b) => a.ge(b)),
  Less: binary((a, b) => a.lt(b)),
  LessOrEqual: binary((a, b) => a.le(b)),
  Equal: binary((a, b) => a.eq(b)),
  And: logical((a, b) => a.and(b)),
  Or: logical((a, b) => a.or(b)),
  Xor: logical((a, b) => a.and(b.not()).or(b.and(a.not()))),
  Not: ([a]) => booleanOf(a!).not(),
  Where: ([condition, a, b]) => booleanOf(condition!).select(numberOf(a!), numberOf(b!)),
  IsNaN: unary((a) => a.ne(a)),
  Identity: ([a]) => a!,
  Cast: ([a], node) => (attribute(node, 'to') === BOOL ? booleanOf(a!) : numberOf(a!)),
  CastLike: ([a]) => numberOf(a!),
};
