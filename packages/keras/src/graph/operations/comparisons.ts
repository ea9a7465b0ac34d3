import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { floats, logical, pair, tensor } from '../operation-arguments.js';
import { allWithoutGradient, binary, both, unary, type Operation, type Operations } from './operation.js';

/** A question about a number in float32. */
const question = (run: (x: Tensor) => Tensor): Operation => unary((x) => run(floats(x)));

const QUESTIONS: Operations = {
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
  Isnan: question(tf.isNaN),
  Isinf: question(tf.isInf),
  Isfinite: question(tf.isFinite),
  Isposinf: question((x) => tf.equal(x, Infinity)),
  Isneginf: question((x) => tf.equal(x, -Infinity)),
  Isreal: question((x) => tf.onesLike(tf.cast(x, 'bool'))),
  // 1/−0 is −∞.
  Signbit: question((x) => tf.logicalOr(tf.less(x, 0), tf.less(tf.reciprocal(x), 0))),
  Isclose: {
    names: ['x1', 'x2', 'rtol', 'atol', 'equalNan'],
    run({ x1, x2, rtol = 1e-5, atol = 1e-8, equalNan }) {
      const [a, b] = pair(x1, x2).map(floats) as [Tensor, Tensor];
      const room = tf.add(Number(atol), tf.mul(Number(rtol), tf.abs(b)));
      const near = tf.logicalAnd(tf.isFinite(b), tf.lessEqual(tf.abs(tf.sub(a, b)), room));
      const same = tf.logicalOr(tf.equal(a, b), near);
      return equalNan === true ? tf.logicalOr(same, tf.logicalAnd(tf.isNaN(a), tf.isNaN(b))) : same;
    },
  },
};

/** Ops that compare, and that choose by what was compared. */
export const comparisons: Operations = {
  ...allWithoutGradient(QUESTIONS),
  Where: {
    names: ['condition', 'x1', 'x2'],
    run: ({ condition, x1, x2 }) => tf.where(logical(condition), ...pair(x1, x2)),
  },
  Select: {
    names: ['condlist', 'choicelist', 'default'],
    run: ({ condlist, choicelist, default: otherwise = 0 }) => {
      const choices = choicelist as readonly unknown[];
      return (condlist as readonly unknown[]).reduceRight<Tensor>((rest, condition, n) => {
        const [yes, no] = pair(choices[n], rest);
        const shape = tf.add(tf.zerosLike(yes), tf.zerosLike(no));
        return tf.where(logical(condition), tf.add(yes, shape), tf.add(no, shape));
      }, tensor(otherwise));
    },
  },
};
