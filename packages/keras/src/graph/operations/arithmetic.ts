import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { floats, numeric, pair, tensor } from '../operation-arguments.js';
import { untaped } from '../../standard/untaped.js';
import { activation, binary, unary, type Operation, type Operations } from './operation.js';

/** An op of two tensors in float32. */
const ofFloats = (run: (a: Tensor, b: Tensor) => Tensor): Operation => binary((a, b) => run(floats(a), floats(b)));

/** One of two values at each place; what decides has no gradient. */
const choose = (x: Tensor, decide: (x: Tensor) => Tensor, yes: Tensor, no: Tensor): Tensor =>
  tf.where(untaped(x, decide), ...pair(yes, no));

const isZero = (x: Tensor): Tensor => tf.equal(x, 0);
/** x where it isn't 0, and 1 there: a divisor without ∞, also in gradients. */
const divisor = (x: Tensor): Tensor => choose(x, isZero, tf.onesLike(x), x);
const zeros = (x: Tensor): Tensor => tf.zerosLike(x);

const truncate = (x: Tensor): Tensor => tf.mul(tf.sign(x), tf.floor(tf.abs(x)));
/** log(eᵃ + eᵇ), for e or another base. */
const addedLogs =
  (base: number) =>
  (a: Tensor, b: Tensor): Tensor => {
    const away = tf.mul(tf.neg(tf.abs(tf.sub(a, b))), Math.log(base));
    return tf.add(tf.maximum(a, b), tf.div(tf.log1p(tf.exp(away)), Math.log(base)));
  };
/** The other one beside NaN. */
const besideNaN =
  (run: (a: Tensor, b: Tensor) => Tensor) =>
  (a: Tensor, b: Tensor): Tensor =>
    choose(a, tf.isNaN, b, choose(b, tf.isNaN, a, run(a, b)));

export const arithmetic: Operations = {
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
  Clip: {
    names: ['x', 'xMin', 'xMax'],
    run: ({ x, xMin, xMax }) => tf.clipByValue(numeric(tensor(x)), Number(xMin), Number(xMax)),
  },
  Fabs: activation(tf.abs),
  Sinh: activation(tf.sinh),
  Cosh: activation(tf.cosh),
  Tan: activation(tf.tan),
  Arcsin: activation(tf.asin),
  Arccos: activation(tf.acos),
  Arctan: activation(tf.atan),
  Arcsinh: activation(tf.asinh),
  Arccosh: activation(tf.acosh),
  Arctanh: activation(tf.atanh),
  Arctan2: ofFloats(tf.atan2),
  Exp2: activation((x) => tf.exp(tf.mul(x, Math.LN2))),
  Log2: activation((x) => tf.div(tf.log(x), Math.LN2)),
  Log10: activation((x) => tf.div(tf.log(x), Math.LN10)),
  Erfc: activation((x) => tf.sub(1, tf.erf(x))),
  Cbrt: activation((x) => tf.mul(tf.sign(x), tf.pow(tf.abs(x), 1 / 3))),
  Deg2rad: activation((x) => tf.mul(x, Math.PI / 180)),
  Rad2deg: activation((x) => tf.mul(x, 180 / Math.PI)),
  Sinc: activation((x) => {
    const angle = tf.mul(divisor(x), Math.PI);
    return choose(x, isZero, tf.onesLike(x), tf.div(tf.sin(angle), angle));
  }),
  Trunc: activation(truncate),
  Fmod: ofFloats((a, b) => tf.sub(a, tf.mul(truncate(tf.div(a, b)), b))),
  Hypot: ofFloats((a, b) => tf.sqrt(tf.add(tf.square(a), tf.square(b)))),
  Ldexp: ofFloats((a, b) => tf.mul(a, tf.exp(tf.mul(b, Math.LN2)))),
  Logaddexp: ofFloats(addedLogs(Math.E)),
  Logaddexp2: ofFloats(addedLogs(2)),
  Fmax: ofFloats(besideNaN(tf.maximum)),
  Fmin: ofFloats(besideNaN(tf.minimum)),
  DivideNoNan: ofFloats((a, b) => choose(b, isZero, tf.zerosLike(tf.add(a, b)), tf.div(a, divisor(b)))),
  Heaviside: ofFloats((a, b) => {
    const ends = untaped(a, (x) => tf.cast(tf.greater(x, 0), 'float32'));
    return choose(a, isZero, tf.add(zeros(a), b), tf.add(ends, zeros(b)));
  }),
  NanToNum: {
    names: ['x', 'nan', 'posinf', 'neginf'],
    run({ x, nan = 0, posinf, neginf }) {
      const largest = 3.4028234663852886e38;
      const given = floats(tensor(x));
      const filled = choose(given, tf.isNaN, tf.fill(given.shape, Number(nan)), given);
      const above = choose(
        filled,
        (y) => tf.equal(y, Infinity),
        tf.fill(given.shape, Number(posinf ?? largest)),
        filled,
      );
      return choose(above, (y) => tf.equal(y, -Infinity), tf.fill(given.shape, Number(neginf ?? -largest)), above);
    },
  },
  Real: unary(tf.clone),
  Imag: unary(zeros),
  Conj: unary(tf.clone),
  Conjugate: unary(tf.clone),
};
