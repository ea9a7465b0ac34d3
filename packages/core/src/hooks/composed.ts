import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { alive, select, sumTo } from '../composed/shared.js';
import { tanh } from '../composed/tanh.js';
import { kernelOf } from '../engine.js';
import { canReadAtOnce } from '../selections.js';
import type { ScoreShape } from '../mask-parts.js';
import { derivativeOf } from './derivative.js';
import type { HookFunction } from './functions.js';
import { argsOf, neededSteps, type CapturePart, type HookPart, type Step, type Variable } from './program.js';

/** What hooks compute, as TensorFlow.js ops over [B, H, Tq, Tk]; where nothing varies along an axis it has length 1. */

/** Where a hook runs. */
export interface HookPlace {
  readonly sizes: ScoreShape;
  /** The packed captures, if there are any. */
  readonly captures: Tensor | undefined;
}

/** The score, weight or truth value that a hook makes, [B, H, Tq, Tk]. Truth values are bool. */
export function runHook({ program, captures }: HookPart, place: HookPlace, input?: Tensor): Tensor {
  const values = runSteps(program.steps, [program.result], captures, place, { input });
  return tf.broadcastTo(values[program.result]!, fullShape(place.sizes));
}

/** Gradients of a hook, given that in its result, 0 where nothing takes part. */
export function hookGradients(
  { program, captures }: HookPart,
  place: HookPlace,
  input: Tensor,
  cotangent: Tensor,
  allowed: Tensor | undefined,
): { readonly input: Tensor; readonly captures: Tensor | undefined } {
  const derivative = derivativeOf(program);
  const { steps, reads } = derivative;
  const results = [...reads.flatMap(({ read, gradient }) => [gradient, ...argsOf(steps[read])]), derivative.input ?? 0];
  const values = runSteps(steps, results, captures, place, { input, cotangent });
  const clean = (gradient: Tensor): Tensor => {
    const full = tf.broadcastTo(gradient, fullShape(place.sizes));
    return allowed === undefined ? full : select(allowed, full, 0);
  };
  const inInput = derivative.input === undefined ? tf.zerosLike(input) : clean(values[derivative.input]!);
  if (place.captures === undefined) return { input: inInput, captures: undefined };
  let inCaptures: Tensor = tf.zerosLike(place.captures);
  for (const { read, gradient } of reads) {
    const step = steps[read] as Extract<Step, { kind: 'read' }>;
    const { index, inside } = cellOf(
      captures[step.capture],
      step.indices.map((n) => values[n]!),
    );
    const reached = sumTo(clean(values[gradient]!), index.shape);
    const counted = tf.where(tf.broadcastTo(inside, reached.shape), reached, tf.zerosLike(reached));
    inCaptures = tf.add(inCaptures, addUpAt(counted, index, place.captures.size));
  }
  return { input: inInput, captures: inCaptures };
}

/** Sums of numbers that go to the same of `size` places. */
function addUpAt(numbers: Tensor, to: Tensor, size: number): Tensor {
  const flat = tf.reshape(numbers, [-1]);
  // Where the host could add them up, the kernel is chosen for few numbers alone: engines go through all of them for every place, and some have none.
  if (!canReadAtOnce() || (kernelOf('UnsortedSegmentSum') !== undefined && flat.size * size <= LARGEST_SEGMENT_SUM)) {
    return tf.unsortedSegmentSum(flat, tf.reshape(to, [-1]) as tf.Tensor1D, size);
  }
  const sums = new Float64Array(size);
  const places = to.dataSync();
  for (const [n, x] of flat.dataSync().entries()) sums[places[n]] += x;
  return tf.tensor1d(Float32Array.from(sums));
}

const LARGEST_SEGMENT_SUM = 2 ** 24;

interface Given {
  readonly input?: Tensor | undefined;
  readonly cotangent?: Tensor | undefined;
}

/** The values of the steps that the results rest on. */
function runSteps(
  steps: readonly Step[],
  results: readonly number[],
  captures: readonly CapturePart[],
  place: HookPlace,
  { input, cotangent }: Given,
): (Tensor | undefined)[] {
  const needed = neededSteps(steps, results);
  const values: (Tensor | undefined)[] = [];
  for (const [n, step] of steps.entries()) {
    if (!needed.has(n)) continue;
    const args = argsOf(step).map((arg) => values[arg]!);
    switch (step.kind) {
      case 'number':
        values[n] = tf.fill([1, 1, 1, 1], step.value);
        break;
      case 'variable':
        values[n] = VARIABLE_TENSORS[step.name](place.sizes);
        break;
      case 'input':
        values[n] = input;
        break;
      case 'cotangent':
        values[n] = cotangent;
        break;
      case 'read':
        values[n] = read(place.captures, captures[step.capture], args);
        break;
      case 'apply':
        values[n] = FORMULAS[step.name](args[0], args[1], args[2]);
        break;
    }
  }
  return values;
}

const fullShape = ({ batch, heads, queries, keys }: ScoreShape): [number, number, number, number] => [
  batch,
  heads,
  queries,
  keys,
];

const along = (length: number, shape: [number, number, number, number]): Tensor =>
  tf.reshape(tf.range(0, length, 1, 'float32'), shape);

const VARIABLE_TENSORS: { readonly [Name in Variable]: (sizes: ScoreShape) => Tensor } = {
  batch: ({ batch }) => along(batch, [batch, 1, 1, 1]),
  head: ({ heads }) => along(heads, [1, heads, 1, 1]),
  query: ({ queries }) => along(queries, [1, 1, queries, 1]),
  key: ({ keys }) => along(keys, [1, 1, 1, keys]),
  Tq: ({ queries }) => tf.fill([1, 1, 1, 1], queries),
  Tk: ({ keys }) => tf.fill([1, 1, 1, 1], keys),
};

function read(packed: Tensor | undefined, capture: CapturePart, indices: readonly Tensor[]): Tensor {
  const { index, inside } = cellOf(capture, indices);
  if (packed === undefined || tf.util.sizeFromShape([...capture.shape]) === 0) return tf.fill(index.shape, NaN);
  const found = tf.reshape(tf.gather(packed, tf.reshape(index, [-1])), index.shape);
  return tf.where(tf.broadcastTo(inside, index.shape), found, tf.fill(index.shape, NaN));
}

/** The place in the packed captures that is read, int32, clamped into the tensor; and whether it lies in it. */
function cellOf({ start, shape }: CapturePart, indices: readonly Tensor[]): { index: Tensor; inside: Tensor } {
  let index: Tensor = tf.fill([1, 1, 1, 1], start);
  let inside: Tensor = tf.ones([1, 1, 1, 1], 'bool');
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const at = tf.floor(indices[axis]);
    const last = shape[axis] - 1;
    const fits = tf.logicalAnd(tf.lessEqual(0, at), tf.lessEqual(at, last));
    const safe = tf.where(fits, at, tf.zerosLike(at));
    index = tf.add(index, tf.mul(safe, stride));
    inside = tf.logicalAnd(inside, fits);
    stride *= shape[axis];
  }
  return { index: tf.cast(index, 'int32'), inside };
}

type Formula = (a: Tensor, b: Tensor, c: Tensor) => Tensor;

const FORMULAS: { readonly [Name in HookFunction]: Formula } = {
  add: (a, b) => tf.add(a, b),
  sub: (a, b) => tf.sub(a, b),
  mul: (a, b) => tf.mul(a, b),
  div: (a, b) => tf.div(a, b),
  neg: (a) => tf.neg(a),
  abs: (a) => tf.abs(a),
  min: (a, b) => tf.minimum(a, b),
  max: (a, b) => tf.maximum(a, b),
  exp: (a) => tf.exp(a),
  log: (a) => tf.log(a),
  tanh: (a) => tanh(a),
  sigmoid: (a) => tf.sigmoid(a),
  sqrt: (a) => tf.sqrt(a),
  pow: (a, b) => tf.pow(withEnd(a, b), b),
  floorDiv: (a, b) => wholeQuotient(a, b),
  mod: (a, b) => tf.sub(tf.floor(a), tf.mul(tf.floor(b), wholeQuotient(a, b))),
  lt: (a, b) => tf.less(a, b),
  le: (a, b) => tf.lessEqual(a, b),
  eq: (a, b) => tf.equal(a, b),
  and: (a, b) => tf.logicalAnd(a, b),
  or: (a, b) => tf.logicalOr(a, b),
  not: (a) => tf.logicalNot(a),
  select: (condition, a, b) => {
    const shape = tf.backend_util.assertAndGetBroadcastShape(
      tf.backend_util.assertAndGetBroadcastShape(condition.shape, a.shape),
      b.shape,
    );
    const [when, then, otherwise] = [condition, a, b].map((tensor) => tf.broadcastTo(tensor, shape));
    return tf.where(when, then, otherwise);
  },
};

/** A base, but ∞ for −∞ under a fraction, which has the same power: to webgl's that of anything below 0 is NaN. */
function withEnd(base: Tensor, exponent: Tensor): Tensor {
  const isEnd = tf.logicalAnd(tf.logicalNot(alive(base)), tf.notEqual(tf.floor(exponent), exponent));
  return FORMULAS.select(isEnd, tf.abs(base), base);
}

/** ⌊⌊a⌋ / ⌊b⌋⌋ where a quotient that is whole may come out a little less: half a unit keeps away from that edge. */
function wholeQuotient(a: Tensor, b: Tensor): Tensor {
  const divisor = tf.floor(b);
  return tf.floor(tf.div(tf.add(tf.floor(a), tf.mul(0.5, tf.sign(divisor))), divisor));
}
