import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { additiveAttention, attention, groupQueryAttention, multiHeadAttention } from '../src/index.js';
import { BACKENDS, random, savedAndLoaded, useBackend, valuesOf } from './backends.js';

type Symbol = tf.SymbolicTensor;

const TOKENS = [
  [1, 2, 3, 0, 0],
  [4, 1, 0, 0, 0],
];
const MASK = TOKENS.map((row) => row.map((token) => token !== 0));

const embedded = (input: Symbol): Symbol =>
  tf.layers.embedding({ inputDim: 6, outputDim: 4, maskZero: true }).apply(input) as Symbol;

const predicted = (model: tf.LayersModel, ...inputs: tf.Tensor[]): tf.Tensor[] =>
  [model.predict(inputs.length === 1 ? inputs[0] : inputs)].flat() as tf.Tensor[];

describe.each(BACKENDS.map((factory) => [factory.name, factory] as const))('on %s', (_, factory) => {
  useBackend(factory);

  /** One layer called twice with other arguments: causal self-attention with a residual, then attention to the embedding. */
  function twice(): tf.LayersModel {
    const input = tf.input({ shape: [5] });
    const x = embedded(input);
    const layer = multiHeadAttention({ numHeads: 2, keyDim: 2, name: 'shared' });
    const own = layer.apply([x, x], { useCausalMask: true }) as Symbol;
    const sum = tf.layers.add().apply([x, own]) as Symbol;
    const [output, scores] = layer.apply(sum, { value: x, returnAttentionScores: true }) as Symbol[];
    expect([own.shape, scores.shape]).toEqual([
      [null, 5, 4],
      [null, 2, 5, 5],
    ]);
    const third = attention().apply([output, x]) as Symbol; // nothing to tell but masks
    return tf.model({ inputs: input, outputs: [own, output, scores, third] });
  }

  it('calls of one layer have arguments of their own, masks reach query, value and key, and tensors live as long as they are used', async () => {
    const model = twice();
    const [own, output, scores] = predicted(model, tf.tensor2d(TOKENS));
    const layer = model.getLayer('shared');
    expect(layer.countParams()).toBe(3 * (4 * 4 + 4) + 4 * 4 + 4);
    await tf.nextFrame();
    const x = tf.tidy(() => model.layers[1].apply(tf.tensor2d(TOKENS)) as tf.Tensor);
    const masks = { valueMask: tf.tensor2d(MASK, undefined, 'bool'), queryMask: tf.tensor2d(MASK, undefined, 'bool') };
    const run = (layer as ReturnType<typeof multiHeadAttention>).run.bind(layer);
    const first = run({ query: x, value: x, ...masks, useCausalMask: true }) as tf.Tensor;
    const query = tf.add(x, first);
    const second = run({ query, value: x, ...masks, returnAttentionScores: true }) as tf.Tensor[];
    expect(await valuesOf(own)).toEqual(await valuesOf(first));
    expect(await valuesOf(output)).toEqual(await valuesOf(second[0]));
    expect(await valuesOf(scores)).toEqual(await valuesOf(second[1]));
  });

  it('saving and loading, twice, gives the same numbers and no more layers', async () => {
    const model = twice();
    const loaded = await savedAndLoaded(await savedAndLoaded(model));
    expect(loaded.layers.map(({ name }) => name)).toEqual(model.layers.map(({ name }) => name));
    const [before, after] = [model, loaded].map((one) => predicted(one, tf.tensor2d(TOKENS)));
    for (const [n, tensor] of before.entries()) expect(await valuesOf(after[n])).toEqual(await valuesOf(tensor));
  });

  it('masks by keyword: symbols, constants, lists of them with holes; they win over those that tensors carry', async () => {
    const [tokens, mask] = [tf.input({ shape: [5] }), tf.input({ shape: [5, 5], dtype: 'bool' })];
    const values = tf.input({ shape: [5], dtype: 'bool' });
    const x = embedded(tokens);
    const heads = multiHeadAttention({ numHeads: 1, keyDim: 2 });
    const [, byHeads] = heads.apply([x, x], { attentionMask: mask, returnAttentionScores: true }) as Symbol[];
    const [, byDot] = attention().apply([x, x], { mask: [null, values], returnAttentionScores: true }) as Symbol[];
    const constant = tf.tensor2d([[true, false, false, true, true]], undefined, 'bool');
    const group = groupQueryAttention({ headDim: 2, numQueryHeads: 2, numKeyValueHeads: 1 });
    const [, byGroup] = group.apply([x, x], { valueMask: constant, returnAttentionScores: true }) as Symbol[];
    const model = tf.model({ inputs: [tokens, mask, values], outputs: [byHeads, byDot, byGroup] });
    const allowed = [
      [1, 0, 1, 1, 1],
      [1, 1, 1, 1, 1],
      [1, 1, 1, 1, 1],
      [1, 1, 1, 1, 1],
      [1, 1, 1, 1, 1],
    ];
    const given = [
      tf.tensor2d(TOKENS.slice(0, 1)),
      tf.tensor3d([allowed.map((row) => row.map(Boolean))], undefined, 'bool'),
      tf.tensor2d([[false, true, true, true, true]], undefined, 'bool'),
    ];
    for (const one of [model, await savedAndLoaded(model)]) {
      const [h, d, g] = await Promise.all(predicted(one, ...given).map((tensor) => tensor.array() as Promise<never[]>));
      const seen = (row: readonly number[]): boolean[] => row.map((weight) => weight > 0);
      expect(seen(h[0][0][0])).toEqual([true, false, true, false, false]); // and the padding of the text
      expect(seen(d[0][0])).toEqual([false, true, true, true, true]); // the padding counts no longer
      expect(seen(g[0][0][0])).toEqual([true, false, false, true, true]);
    }
  });

  it("a mask that TensorFlow.js's executor hands on from another node reaches no layer", async () => {
    const [tokens, other] = [tf.input({ shape: [5] }), tf.input({ shape: [5, 4] })];
    const x = embedded(tokens);
    const masked = multiHeadAttention({ numHeads: 1, keyDim: 4 }).apply(x) as Symbol;
    const [, scores] = additiveAttention({ useScale: false }).apply([other, other], {
      returnAttentionScores: true,
    }) as Symbol[];
    const plain = attention({ name: 'plain' }).apply([other, other]) as Symbol;
    const model = tf.model({ inputs: [tokens, other], outputs: [masked, scores, plain] });
    const y = random([2, 5, 4], 3);
    const [, weights, context] = predicted(model, tf.tensor2d(TOKENS), y);
    expect((await valuesOf(weights)).every((weight) => weight > 0)).toBe(true);
    expect(await valuesOf(context)).toEqual(await valuesOf(attention().apply([y, y]) as tf.Tensor));
  });

  it('in sequential and nested models, and shared between two', async () => {
    const shared = multiHeadAttention({ numHeads: 2, keyDim: 2, inputShape: [5, 4] });
    const inner = tf.sequential({ layers: [shared, tf.layers.dense({ units: 4 })] });
    const input = tf.input({ shape: [5, 4] });
    const [once, again] = [
      inner.apply(input) as Symbol,
      shared.apply([input, input], { useCausalMask: true }) as Symbol,
    ];
    const outer = tf.model({ inputs: input, outputs: [once, again] });
    const loaded = await savedAndLoaded(inner);
    const x = random([2, 5, 4], 4);
    const [nested] = predicted(outer, x);
    const [alone] = predicted(loaded, x);
    expect(await valuesOf(nested)).toEqual(await valuesOf(alone));
  });

  it('a graph of many residual connections is made at once', () => {
    const input = tf.input({ shape: [5, 4] });
    let x = input;
    for (let block = 0; block < 40; block++) {
      const attended = multiHeadAttention({ numHeads: 1, keyDim: 2 }).apply([x, x]) as Symbol;
      x = tf.layers.add().apply([x, attended]) as Symbol;
    }
    const model = tf.model({ inputs: input, outputs: x });
    expect(model.layers.filter((layer) => layer.getClassName() === 'KerasCallRelay')).toEqual([]);
    model.dispose();
  });

  it('loading a model with a constant in a call leaves no tensor behind', async () => {
    const input = tf.input({ shape: [5, 4] });
    const valueMask = tf.tensor2d([[true, false, false, true, true]], undefined, 'bool');
    const output = multiHeadAttention({ numHeads: 1, keyDim: 2 }).apply([input, input], { valueMask }) as Symbol;
    const model = tf.model({ inputs: input, outputs: output });
    const before = tf.memory().numTensors;
    const loaded = await savedAndLoaded(model);
    tf.dispose(predicted(loaded, random([1, 5, 4], 1)));
    loaded.dispose();
    expect(tf.memory().numTensors).toBe(before + 1); // the input
  });

  it('is freed with its model', () => {
    const tokens = tf.tensor2d(TOKENS);
    const before = tf.memory().numTensors;
    const input = tf.input({ shape: [5] });
    const x = embedded(input);
    const output = multiHeadAttention({ numHeads: 2, keyDim: 2 }).apply([x, x], { useCausalMask: true }) as Symbol;
    const model = tf.model({ inputs: input, outputs: output });
    tf.dispose(predicted(model, tokens));
    expect(model.dispose().numDisposedVariables).toBe(1 + 8);
    expect(tf.memory().numTensors).toBe(before);
    expect(() => model.predict(tokens)).toThrow(/disposed/);
  });
});

describe('a call that is wrong is refused', () => {
  useBackend(BACKENDS[0]);
  const code = (call: () => unknown): unknown => {
    try {
      call();
      return undefined;
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };
  const x = tf.input({ shape: [5, 4] });

  it.each([
    [
      'an argument that there is none of',
      () => multiHeadAttention({ numHeads: 1, keyDim: 2 }).apply(x, { useCausal: true }),
      'UNKNOWN_OPTION',
    ],
    [
      'a tensor twice',
      () => multiHeadAttention({ numHeads: 1, keyDim: 2 }).apply([x, x], { value: x }),
      'INVALID_ARGUMENT',
    ],
    ['an option that there is none of', () => attention({ scale: true } as object), 'UNKNOWN_OPTION'],
    [
      'an initializer that there is none of',
      () => multiHeadAttention({ numHeads: 1, keyDim: 2, kernelInitializer: 'glorot' }),
      'UNKNOWN_NAME',
    ],
    ['no list', () => attention().apply(x), 'INVALID_ARGUMENT'],
  ])('%s', (_, call, expected) => expect(code(call)).toBe(expected));
});
