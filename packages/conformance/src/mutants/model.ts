import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { COMPOSED_FORMS, modelKernels, type ModelKernels, type ModelOpName } from '@heed/core/model-ops';
import type { Mutant } from './mutant.js';

type Forms = typeof COMPOSED_FORMS;

/** A backend with kernels for one model op: the composed form but for what is changed about it. */
function ofModelOp<Name extends ModelOpName>(
  op: Name,
  what: string,
  reason: string,
  change: (right: Forms[Name]) => Partial<Forms[Name]>,
): Mutant {
  return {
    id: `${op}: ${what}`,
    group: 'model',
    reason: new RegExp(`^model/${op}/${reason}`),
    spares: ['heads'],
    backend({ capabilities }) {
      const engineKernels = modelKernels({ [op]: tidied(change(COMPOSED_FORMS[op])) } as ModelKernels);
      const replaces = engineKernels.map(({ kernelName }) => kernelName);
      return { engineKernels, capabilities: { ...capabilities, replaces } };
    },
  };
}

/** Passes that leave nothing but their results: core does that for the composed form. */
const tidied = (passes: object): object =>
  Object.fromEntries(
    Object.entries(passes as Record<string, (...args: unknown[]) => tf.TensorContainer>).map(([pass, run]) => [
      pass,
      (...args: unknown[]) => tf.tidy(() => run(...args)),
    ]),
  );

/** Columns in equal groups, in another order. */
const regrouped = (x: Tensor, order: readonly number[]): Tensor => {
  const groups = tf.split(x, order.length, 1);
  return tf.concat(
    order.map((n) => groups[n]),
    1,
  );
};

const swapped = (terms: readonly Tensor[], order: readonly number[]): Tensor[] =>
  terms.map((term) => regrouped(term, order));

const cells: readonly Mutant[] = [
  ofModelOp('lstmGates', 'gates in the order of Keras', 'h4: next', (right) => ({
    forward: ({ terms, state }, attributes) =>
      right.forward({ terms: swapped(terms, [0, 1, 3, 2]), state }, attributes),
  })),
  ofModelOp('lstmGates', 'one term of several is forgotten', 'h4: next', (right) => ({
    forward: ({ terms, state }, attributes) => right.forward({ terms: terms.slice(0, 1), state }, attributes),
  })),
  ofModelOp('lstmGates', 'inactive rows step on', 'three-terms-some-active: next', (right) => ({
    forward: (inputs) => right.forward(inputs, {}),
  })),
  ofModelOp('lstmGates', 'the gradient of inactive rows is lost', 'none-active: dState', (right) => ({
    backward: (inputs, attributes) => {
      const { dTerms, dState } = right.backward(inputs, attributes);
      return { dTerms, dState: attributes.active === undefined ? dState : tf.zerosLike(dState) };
    },
  })),
  ofModelOp('lstmGates', 'the gradient of the cell is cut off at h', 'h4: dState', (right) => ({
    backward: ({ state, gates, dNext }, attributes) => {
      const [dh] = tf.split(dNext, 2, 1);
      return right.backward({ state, gates, dNext: tf.concat([dh, tf.zerosLike(dh)], 1) }, attributes);
    },
  })),
  ofModelOp('lstmGates', 'gates without their slope', 'h4: dTerms', (right) => ({
    backward: ({ state, gates, dNext }, attributes) => {
      const { dTerms, dState } = right.backward({ state, gates, dNext }, attributes);
      return { dTerms: tf.mul(dTerms, 0.25), dState };
    },
  })),
  ofModelOp('gruReset', 'z before r', 'h4: opened', (right) => ({
    forward: ({ terms, state }, attributes) => right.forward({ terms: swapped(terms, [1, 0]), state }, attributes),
  })),
  ofModelOp('gruReset', 'the gradient of the state is that of the gate', 'h4: dState', (right) => ({
    backward: ({ state, gates, dOpened }, attributes) => {
      const { dTerms } = right.backward({ state, gates, dOpened }, attributes);
      return { dTerms, dState: tf.split(dTerms, 2, 1)[0] };
    },
  })),
  ofModelOp('gruUpdate', "z in Keras's sense", 'h4: next', (right) => ({
    forward: ({ terms, opened, state }, attributes) =>
      right.forward({ terms, opened: tf.sub(1, opened), state }, attributes),
  })),
  ofModelOp('gruUpdate', 'r is read for z', 'h4: next', (right) => ({
    forward: ({ terms, opened, state }, attributes) =>
      right.forward({ terms, opened: regrouped(opened, [1, 0]), state }, attributes),
  })),
  ofModelOp(
    'gruUpdate',
    'inactive rows send a gradient to their terms',
    'three-terms-some-active: dTerms',
    (right) => ({
      backward: (inputs) => right.backward(inputs, {}),
    }),
  ),
];

const layers: readonly Mutant[] = [
  ofModelOp('addBias', 'the gradient of the bias is a mean', 'w4: dBias', (right) => ({
    backward: ({ dY }, attributes) => {
      const { dX, dBias } = right.backward({ dY }, attributes);
      return { dX, dBias: tf.div(dBias, dY.shape[0]!) };
    },
  })),
  ofModelOp('addBias', 'the last of many rows is left out of the gradient', 'many-rows: dBias', (right) => ({
    backward: ({ dY }, attributes) => {
      const rows = Math.min(dY.shape[0]!, 128);
      const { dBias } = right.backward({ dY: tf.slice(dY, [0, 0], [rows, dY.shape[1]!]) }, attributes);
      return { dX: tf.clone(dY), dBias };
    },
  })),
  ofModelOp('addResidual', 'the residual has no gradient', 'w4: dY', (right) => ({
    backward: ({ dSum }, attributes) => ({ ...right.backward({ dSum }, attributes), dY: tf.zerosLike(dSum) }),
  })),
  ofModelOp('tanhLayer', 'the bias is added after tanh', 'w4: y', (right) => ({
    forward: ({ terms, bias }, attributes) => ({
      y: tf.add(right.forward({ terms, bias: tf.zerosLike(bias) }, attributes).y, bias),
    }),
  })),
  ofModelOp('tanhLayer', 'the slope is that of the output', 'w4: dTerms', (right) => ({
    backward: ({ y, dY }, attributes) => right.backward({ y: tf.tanh(y), dY }, attributes),
  })),
  ofModelOp('rectifiedLayer', 'leaks below 0', 'w4: y', (right) => ({
    forward: ({ x, bias }, attributes) => ({
      y: tf.add(right.forward({ x, bias }, attributes).y, tf.mul(tf.minimum(tf.add(x, bias), 0), 0.01)),
    }),
  })),
  ofModelOp('rectifiedLayer', 'a gradient at 0', 'zeros: dX', (right) => ({
    backward: ({ y, dY }, attributes) => right.backward({ y: tf.add(y, 1), dY }, attributes),
  })),
  ofModelOp('gelu', 'always by tanh', 'w4: y', (right) => ({
    forward: (inputs) => right.forward(inputs, { approximate: 'tanh' }),
  })),
  ofModelOp('gelu', 'the gradient is the share alone', 'w4: dX', () => ({
    backward: ({ x, dY }) => ({ dX: tf.mul(dY, tf.mul(0.5, tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))))) }),
  })),
  ofModelOp('geluLayer', 'the bias is added after it', 'w4: y', (right) => ({
    forward: ({ x, bias }, attributes) => ({
      y: tf.add(right.forward({ x, bias: tf.zerosLike(bias) }, attributes).y, bias),
    }),
  })),
  ofModelOp('geluLayer', 'the gradient forgets the bias', 'w4: dX', (right) => ({
    backward: ({ x, bias, dY }, attributes) => right.backward({ x, bias: tf.zerosLike(bias), dY }, attributes),
  })),
  ofModelOp('dropout', 'what is kept is not scaled', 'w4: y', (right) => ({
    forward: (inputs, attributes) => ({ y: tf.mul(right.forward(inputs, attributes).y, 1 - attributes.rate) }),
  })),
  ofModelOp('dropout', 'every step leaves out the same', 'w4: y', (right) => ({
    forward: (inputs, { counter: [, ...rest], ...attributes }) =>
      right.forward(inputs, { ...attributes, counter: [0, ...rest] }),
  })),
  ofModelOp('dropout', 'the gradient goes through everywhere', 'w4: dX', () => ({
    backward: ({ dY }, { rate }) => ({ dX: tf.div(dY, 1 - rate) }),
  })),
  ofModelOp('swish', 'β is 1', 'quick: y', (right) => ({
    forward: (inputs) => right.forward(inputs, { beta: 1 }),
  })),
  ofModelOp('swish', 'the slope of the gate without β', 'quick: dX', (right) => ({
    backward: ({ x, dY }, { beta }) => {
      const { dX } = right.backward({ x, dY }, { beta });
      const gate = tf.sigmoid(tf.mul(x, beta));
      const ofGate = tf.mul(tf.mul(x, beta - 1), tf.mul(gate, tf.sub(1, gate)));
      return { dX: tf.sub(dX, tf.mul(dY, ofGate)) };
    },
  })),
  ofModelOp('maxoutLayer', 'pairs are neighbours', 'w4: y', (right) => ({
    forward: ({ terms, bias }, attributes) => {
      const width = bias.shape[0]!;
      const order = Int32Array.from({ length: width }, (_, n) => (n < width / 2 ? 2 * n : 2 * n - width + 1));
      const neighbours = (x: Tensor): Tensor => tf.gather(x, tf.tensor1d(order, 'int32'), x.shape.length - 1);
      return right.forward({ terms: terms.map(neighbours), bias: neighbours(bias) }, attributes);
    },
  })),
  ofModelOp('maxoutLayer', 'a tie goes to the second', 'ties: dTerms', (right) => ({
    backward: ({ pieces, dY }, attributes) => {
      const { dTerms, dBias } = right.backward({ pieces: regrouped(pieces, [1, 0]), dY }, attributes);
      return { dTerms: regrouped(dTerms, [1, 0]), dBias };
    },
  })),
  ofModelOp('squaredRelu', 'the square of what is below 0', 'w4: y', () => ({
    forward: ({ x }) => ({ y: tf.square(x) }),
  })),
  ofModelOp('squaredRelu', 'half the gradient', 'w4: dX', (right) => ({
    backward: (inputs, attributes) => ({ dX: tf.div(right.backward(inputs, attributes).dX, 2) }),
  })),
  ofModelOp('layerNorm', 'no ε', 'nearly-equal: y', (right) => ({
    forward: (inputs) => right.forward(inputs, { epsilon: 0 }),
  })),
  ofModelOp('layerNorm', 'the variance of a sample', 'w4: y', (right) => ({
    forward: ({ x, gain, bias }, attributes) => {
      const width = x.shape[1]!;
      const shrunk = width === 1 ? 1 : Math.sqrt((width - 1) / width);
      return right.forward({ x, gain: tf.mul(gain, shrunk), bias }, attributes);
    },
  })),
  ofModelOp('layerNorm', "the mean's share of the gradient is forgotten", 'w4: dX', (right) => ({
    backward: (inputs, attributes) => {
      const { gain, inverse, dY } = inputs;
      return { ...right.backward(inputs, attributes), dX: tf.mul(tf.mul(dY, gain), inverse) };
    },
  })),
];

const moving: readonly Mutant[] = [
  ofModelOp('lookup', 'a row that is looked up twice gets one gradient', 'w4: dTable', (right) => ({
    backward: ({ dRows }, { ids, size }) => {
      const first = Float32Array.from(ids, (id, n) => (ids.indexOf(id) === n ? 1 : 0));
      return right.backward({ dRows: tf.mul(dRows, tf.tensor2d(first, [ids.length, 1])) }, { ids, size });
    },
  })),
  ofModelOp('lookupSums', 'factors are left out of the gradient', 'w4: dTable', (right) => ({
    backward: (inputs, sums) =>
      right.backward(inputs, { ...sums, factors: new Float32Array(sums.factors.length).fill(1) }),
  })),
  ofModelOp('lookupSums', 'the last term of a row wins', 'w4: sums', (right) => ({
    forward: (inputs, sums) =>
      right.forward(inputs, {
        ...sums,
        factors: sums.factors.map((factor, n) => (sums.to.lastIndexOf(sums.to[n]) === n ? factor : 0)),
      }),
  })),
  ofModelOp('firstColumns', 'the last columns', 'w4: y', () => ({
    forward: ({ x }, { count, width }) => ({ y: tf.slice(x, [0, width - count], [x.shape[0]!, count]) }),
  })),
  ofModelOp('toSteps', 'backward begins at the end of the padding', 'backward-w4: steps', (right) => ({
    forward: ({ x }, { direction, lengths }) =>
      direction === 'backward'
        ? { steps: tf.transpose(tf.reverse(x, 1), [1, 0, 2]) }
        : right.forward({ x }, { direction, lengths }),
  })),
  ofModelOp('toSteps', 'what is past the end gets a gradient', 'forward: dX', (right) => ({
    backward: ({ dSteps }, { direction, lengths }) =>
      direction === 'forward'
        ? { dX: tf.transpose(dSteps, [1, 0, 2]) }
        : right.backward({ dSteps }, { direction, lengths }),
  })),
  ofModelOp('toPositions', 'both directions are read forwards', 'both: memory', (right) => ({
    forward: (inputs, { directions, lengths, time }) =>
      right.forward(inputs, { directions: directions.map(() => 'forward'), lengths, time }),
  })),
  ofModelOp('toPositions', 'gradients of the steps are one late', 'forward: dStates', (right) => ({
    backward: (inputs, attributes) => {
      const { dStates } = right.backward(inputs, attributes);
      return { dStates: [...dStates.slice(1), tf.zerosLike(dStates[0])] };
    },
  })),
];

const scattering: readonly Mutant[] = [
  ofModelOp('tensorScatter', 'all rows start where the first does', 'w4: present', (right) => ({
    forward: (inputs, attributes) =>
      right.forward(inputs, { ...attributes, starts: attributes.starts.map(() => attributes.starts[0]!) }),
  })),
  ofModelOp('tensorScatter', 'what is past the last slot is lost', 'circular: present', (right) => ({
    forward(inputs, attributes) {
      const { starts, axis } = attributes;
      const slots = inputs.cache.shape[axis]!;
      const steps = Math.min(attributes.steps, ...starts.map((start) => slots - start));
      const update = tf.slice(
        inputs.update,
        inputs.update.shape.map(() => 0),
        inputs.update.shape.with(axis, steps),
      );
      return right.forward({ cache: inputs.cache, update }, { ...attributes, steps });
    },
  })),
  ofModelOp('tensorScatter', 'what was overwritten gets a gradient', 'w4: dCache', (right) => ({
    backward: (inputs, attributes) => ({
      ...right.backward(inputs, attributes),
      dCache: tf.clone(inputs.dPresent),
    }),
  })),
];

const rotary: readonly Mutant[] = [
  ofModelOp('rotaryEmbedding', 'all batch rows start where the first does', 'interleaved-starts: y', (right) => ({
    forward: (inputs, attributes) =>
      right.forward(inputs, { ...attributes, starts: attributes.starts.map(() => attributes.starts[0]!) }),
  })),
  ofModelOp('rotaryEmbedding', 'rows follow one another whatever is said', 'interleaved-rows: y', (right) => ({
    forward(inputs, { layout, direction, starts }) {
      const last = inputs.cos.shape[0]! - inputs.x.shape[2]!;
      return right.forward(inputs, { layout, direction, starts: starts.map((start) => Math.min(start, last)) });
    },
  })),
  ofModelOp('rotaryEmbedding', 'halves are taken for neighbours', 'half-w6: y', (right) => ({
    forward: (inputs, attributes) => right.forward(inputs, { ...attributes, layout: 'interleaved' }),
  })),
  ofModelOp('rotaryEmbedding', 'the gradient turns the same way', 'interleaved-w2: dX', (right) => ({
    forward: (inputs, attributes) => right.forward(inputs, { ...attributes, direction: 1 }),
  })),
  ofModelOp('rotaryEmbedding', 'what does not turn is lost', 'interleaved-part: y', (right) => ({
    forward(inputs, attributes) {
      const { y } = right.forward(inputs, attributes);
      const turning = Array.from({ length: y.shape[3]! }, (_, d) => Number(d < 2 * inputs.cos.shape[1]!));
      return { y: tf.mul(y, tf.tensor1d(turning)) };
    },
  })),
];

const convolutions: readonly Mutant[] = [
  ofModelOp('conv2d', 'a convolution in the sense of mathematics, with the filter turned round', 'c3: y', (right) => ({
    forward: ({ x, filter }, attributes) => right.forward({ x, filter: tf.reverse(filter, [0, 1]) }, attributes),
  })),
  ofModelOp('conv2d', 'the odd zero comes first', 'same-strided: y', (right) => ({
    forward: (inputs, { strides, padRows, padColumns }) => {
      const turned = { padRows: reversed(padRows), padColumns: reversed(padColumns) };
      return right.forward(inputs, { strides, ...turned });
    },
  })),
  ofModelOp('conv2d', 'only the first row of the filter sends a gradient back', 'c3: dX', (right) => ({
    backward: ({ x, filter, dY }, attributes) => {
      const rows = Array.from({ length: filter.shape[0]! }, (_, k) => Number(k === 0));
      const first = tf.mul(filter, tf.tensor4d(rows, [rows.length, 1, 1, 1]));
      const { dX } = right.backward({ x, filter: first, dY }, attributes);
      return { dX, dFilter: right.backward({ x, filter, dY }, attributes).dFilter };
    },
  })),
  ofModelOp('conv2d', 'the gradient of the filter is that of the first picture', 'c3: dFilter', (right) => ({
    backward: ({ x, filter, dY }, attributes) => {
      const first = (all: Tensor): Tensor => tf.slice(all, [0, 0, 0, 0], [1, ...all.shape.slice(1)]);
      const { dX } = right.backward({ x, filter, dY }, attributes);
      const { dFilter } = right.backward({ x: first(x), filter, dY: first(dY) }, attributes);
      return { dX, dFilter };
    },
  })),
  ofModelOp('conv2d', 'the gradient of x is shifted by the zeros', 'padded: dX', (right) => ({
    backward: (inputs, attributes) => {
      const { dX, dFilter } = right.backward(inputs, attributes);
      const shifted = tf.slice(
        tf.pad(dX as tf.Tensor4D, [
          [0, 0],
          [1, 0],
          [0, 0],
          [0, 0],
        ]),
        [0, 0, 0, 0],
        dX.shape as [number, number, number, number],
      );
      return { dX: shifted, dFilter };
    },
  })),
];

const reversed = ([a, b]: readonly [number, number]): [number, number] => [b, a];

const losses: readonly Mutant[] = [
  ofModelOp('crossEntropy', 'padding counts', 'padded: loss', (right) => ({
    forward: (inputs, targets) =>
      right.forward(inputs, { ...targets, weights: targets.weights.map((weight) => weight || 1) }),
  })),
  ofModelOp('crossEntropy', 'padding is multiplied by 0', 'nan-in-padding: loss', (right) => ({
    forward: ({ logits }, targets) => {
      const { loss, slopes } = right.forward({ logits }, targets);
      return { loss: tf.add(loss, tf.sum(tf.mul(logits, 0))), slopes };
    },
  })),
  ofModelOp('crossEntropy', 'smoothing is ignored', 'v6: loss', (right) => ({
    forward: (inputs, targets) => right.forward(inputs, { ...targets, smoothing: 0 }),
  })),
  ofModelOp('crossEntropy', 'smoothing is spread over the wrong classes only', 'v6: loss', (right) => ({
    forward: (inputs, targets) => {
      const classes = inputs.logits.shape[1]!;
      const smoothing = classes === 1 ? targets.smoothing : (targets.smoothing * classes) / (classes - 1);
      return right.forward(inputs, { ...targets, smoothing });
    },
  })),
  ofModelOp('crossEntropy', 'exponentials of the logits as they are', 'far: loss', (right) => ({
    forward: ({ logits }, targets) => {
      const { loss, slopes } = right.forward({ logits }, targets);
      const total = tf.sum(tf.log(tf.sum(tf.exp(logits), 1)));
      return { loss: tf.add(loss, tf.sub(total, total)), slopes }; // NaN where an exponential is infinite
    },
  })),
  ofModelOp('crossEntropy', 'the gradient of the loss is taken for 1', 'plain: dLogits', () => ({
    backward: ({ slopes }) => ({ dLogits: tf.clone(slopes) }),
  })),
  ofModelOp('copyCrossEntropy', 'only the first place of a symbol is copied', 'plain: loss', (right) => ({
    forward: (inputs, attributes) => right.forward(inputs, { ...attributes, copies: firstPlaces(attributes.copies) }),
  })),
  ofModelOp('copyCrossEntropy', 'the gate is the other way round', 'plain: loss', (right) => ({
    forward: ({ logits, gates, weights }, attributes) =>
      right.forward({ logits, gates: tf.neg(gates), weights }, attributes),
  })),
  ofModelOp('copyCrossEntropy', 'the gate learns nothing', 'plain: dGates', (right) => ({
    backward: (inputs, attributes) => {
      const gradients = right.backward(inputs, attributes);
      return { ...gradients, dGates: tf.zerosLike(gradients.dGates) };
    },
  })),
  ofModelOp('copyCrossEntropy', 'rows belong to sources in blocks', 'plain: loss', (right) => ({
    forward: (inputs, attributes) => {
      const { copies } = attributes;
      const steps = inputs.logits.shape[0]! / copies.batch;
      const inBlocks = (x: Tensor): Tensor =>
        tf.reshape(tf.transpose(tf.reshape(x, [copies.batch, steps, x.shape[1]!]), [1, 0, 2]), x.shape);
      return right.forward({ ...inputs, weights: inBlocks(inputs.weights) }, attributes);
    },
  })),
  ofModelOp('coverageLoss', 'a tie goes to the coverage', 'ties: dWeights', (right) => ({
    backward: ({ weights, coverage, dLoss }, attributes) => {
      const { dWeights, dCoverage } = right.backward({ weights: coverage, coverage: weights, dLoss }, attributes);
      return { dWeights: dCoverage, dCoverage: dWeights };
    },
  })),
  ofModelOp('coverageLoss', 'all rows count alike', 'plain: loss', (right) => ({
    forward: (inputs, { counts }) => right.forward(inputs, { counts: counts.map(() => 1) }),
  })),
];

const optimizing: readonly Mutant[] = [
  ofModelOp('adam', 'ε under the root', 'small-gradients: nextValue', (right) => ({
    forward: (inputs, attributes) => {
      const { nextMean, nextSquare } = right.forward(inputs, attributes);
      const below = tf.sqrt(tf.add(nextSquare, attributes.epsilon));
      const nextValue = tf.sub(inputs.value, tf.div(tf.mul(nextMean, attributes.rate), below));
      return { nextValue, nextMean, nextSquare };
    },
  })),
  ofModelOp('adam', 'the square is that of the gradient before scaling', '33: nextSquare', (right) => ({
    forward: (inputs, attributes) => {
      const { nextSquare } = right.forward(inputs, { ...attributes, scale: 1 });
      return { ...right.forward(inputs, attributes), nextSquare };
    },
  })),
  ofModelOp('adam', 'β₁ and β₂ are swapped', '33: nextMean', (right) => ({
    forward: (inputs, { beta1, beta2, ...attributes }) =>
      right.forward(inputs, { ...attributes, beta1: beta2, beta2: beta1 }),
  })),
  ofModelOp('squareSum', 'the last tensor is left out', 'several: sum', (right) => ({
    forward: ({ tensors }, attributes) =>
      right.forward({ tensors: tensors.length === 1 ? tensors : tensors.slice(0, -1) }, attributes),
  })),
  ofModelOp('squareSum', 'the root of it', 'several: sum', (right) => ({
    forward: (inputs, attributes) => ({ sum: tf.sqrt(right.forward(inputs, attributes).sum) }),
  })),
];

type Copies = Parameters<Forms['copyCrossEntropy']['forward']>[1]['copies'];

/** Each symbol at its first place alone. */
function firstPlaces(copies: Copies): Copies {
  const ids = copies.ids.slice();
  for (let b = 0; b < copies.batch; b++) {
    const row = ids.subarray(b * copies.time, (b + 1) * copies.time);
    const seen = row.slice();
    row.forEach((id, j) => seen.indexOf(id) < j && (row[j] = -1));
  }
  return { ...copies, ids };
}

/** Kernels of model ops that are right but for one thing. */
export const modelMutants: readonly Mutant[] = [
  ...cells,
  ...layers,
  ...moving,
  ...scattering,
  ...rotary,
  ...convolutions,
  ...losses,
  ...optimizing,
];
