import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  additiveAttention,
  attention,
  bahdanauAttention,
  groupQueryAttention,
  KerasLayer,
  mechanismLayer,
  multiHeadAttention,
  type CallArguments,
  type CallShapes,
  type LayerArgs,
} from '../src/index.js';
import { BACKENDS, random, savedAndLoaded, useBackend, valuesOf } from './backends.js';

type Symbol = tf.SymbolicTensor;

/** Texts of 3 to 6 words; the target is whether the first word comes again. */
function data(): { readonly x: tf.Tensor2D; readonly y: tf.Tensor2D } {
  let state = 7;
  const next = (below: number): number => (state = (state * 16807) % 2147483647) % below;
  const texts = Array.from({ length: 64 }, () => {
    const length = 3 + next(4);
    return Array.from({ length: 6 }, (_, n) => (n < length ? 1 + next(5) : 0));
  });
  return { x: tf.tensor2d(texts), y: tf.tensor2d(texts.map(([first, ...others]) => [Number(others.includes(first))])) };
}

/** All attention layers one after the other. */
function allOfThem(): tf.LayersModel {
  const input = tf.input({ shape: [6] });
  const x = tf.layers.embedding({ inputDim: 6, outputDim: 8, maskZero: true }).apply(input) as Symbol;
  const add = (a: Symbol, b: Symbol): Symbol => tf.layers.add().apply([a, b]) as Symbol;
  const a = add(
    x,
    multiHeadAttention({ numHeads: 2, keyDim: 4, useGate: true, seed: 1, dropout: 0.05 }).apply([x, x]) as Symbol,
  );
  const b = add(
    a,
    groupQueryAttention({ headDim: 4, numQueryHeads: 4, numKeyValueHeads: 2 }).apply([a, x], {
      useCausalMask: true,
    }) as Symbol,
  );
  const c = add(b, attention({ useScale: true }).apply([b, a]) as Symbol);
  const d = add(c, additiveAttention().apply([c, x, b], { useCausalMask: true }) as Symbol);
  const mechanism = { kind: 'additive', queryWidth: 8, memoryWidth: 8, units: 6, seed: 3 };
  const e = add(d, mechanismLayer({ mechanism, name: 'mechanism' }).apply([d, x]) as Symbol);
  const first = tf.layers.flatten().apply(e) as Symbol;
  const query = tf.layers.dense({ units: 8, activation: 'tanh' }).apply(first) as Symbol;
  const [context] = bahdanauAttention({ units: 8, name: 'book' }).apply([query, e]) as Symbol[];
  return tf.model({
    inputs: input,
    outputs: tf.layers.dense({ units: 1, activation: 'sigmoid' }).apply(context) as Symbol,
  });
}

describe.each(BACKENDS.map((factory) => [factory.name, factory] as const))('on %s', (_, factory) => {
  useBackend(factory);

  it('a model of all layers learns in model.fit, holds no tensor longer than a step, and is the same after saving and loading', async () => {
    const { x, y } = data();
    const model = allOfThem();
    model.compile({ optimizer: tf.train.adam(0.01), loss: 'binaryCrossentropy' });
    await model.fit(x, y, { epochs: 1, shuffle: false, verbose: 0 });
    const before = tf.memory().numTensors;
    const start = await Promise.all(model.trainableWeights.map((weight) => weight.read().data()));
    const { history } = await model.fit(x, y, { epochs: 8, shuffle: false, verbose: 0 });
    tf.dispose([model.predict(x), model.evaluate(x, y, { verbose: 0 })]);
    expect(tf.memory().numTensors).toBe(before);
    expect(history['loss'].at(-1)).toBeLessThan(history['loss'][0] as number);

    // What moves all scores of a row alike has a gradient of 0: biases of keys, and the bias of V.
    const still = model.trainableWeights.filter((weight, n) =>
      weight
        .read()
        .dataSync()
        .every((value, i) => value === start[n][i]),
    );
    expect(still.map(({ originalName }) => originalName).filter((name) => !/key.bias|V.bias/.test(name))).toEqual([]);

    const loaded = await savedAndLoaded(model);
    expect(await valuesOf(loaded.predict(x) as tf.Tensor)).toEqual(await valuesOf(model.predict(x) as tf.Tensor));
    loaded.compile({ optimizer: tf.train.adam(0.01), loss: 'binaryCrossentropy' });
    const more = await loaded.fit(x, y, { epochs: 1, shuffle: false, verbose: 0 });
    expect(more.history['loss'][0]).toBeLessThan(history['loss'][0] as number);
  });
});

/** A block as users write it: layers of others as parts. */
class TransformerBlock extends KerasLayer {
  static readonly className = 'TestBlock';
  readonly argumentNames = ['inputs', 'mask', 'training'];
  override supportsMasking = true;
  private readonly attention = this.track(
    'attention',
    multiHeadAttention({
      numHeads: 2,
      keyDim: 4,
      kernelRegularizer: 'l2',
      activityRegularizer: { className: 'L2', config: { l2: 0.5 } },
    }),
  );
  private readonly dense = this.track('ffn', tf.layers.dense({ units: 8, activation: 'relu' }));
  private readonly norm = this.track('norm', tf.layers.layerNormalization());

  constructor(args: LayerArgs = {}) {
    super(args);
  }

  override buildFor({ inputs }: CallShapes): void {
    const shape = inputs as tf.Shape;
    this.buildSublayer(this.attention, shape);
    this.buildSublayer(this.dense, shape);
    this.buildSublayer(this.norm, shape);
  }

  override run({ inputs, mask, training }: CallArguments): tf.Tensor {
    const x = inputs as tf.Tensor;
    const attended = this.attention.apply([x, x], { valueMask: mask, training }) as tf.Tensor;
    return this.norm.apply(tf.add(x, this.dense.apply(tf.add(x, attended)) as tf.Tensor)) as tf.Tensor;
  }

  override outputShapes({ inputs }: CallArguments): tf.Shape {
    return inputs as tf.Shape;
  }
}

describe('a layer made of layers', () => {
  useBackend(BACKENDS[1]);

  it('has their weights in order of making, trains, saves and adds their losses', async () => {
    const { x, y } = data();
    const input = tf.input({ shape: [6] });
    const embedded = tf.layers.embedding({ inputDim: 6, outputDim: 8, maskZero: true }).apply(input) as Symbol;
    const block = new TransformerBlock({ name: 'block' });
    const output = tf.layers
      .dense({ units: 1 })
      .apply(tf.layers.flatten().apply(block.apply(embedded) as Symbol)) as Symbol;
    const model = tf.model({ inputs: input, outputs: output });
    expect(block.weights.map(({ originalName }) => originalName)).toEqual([
      ...['query', 'key', 'value', 'attention_output'].flatMap((part) =>
        ['kernel', 'bias'].map((weight) => `block/attention/${part}/${weight}`),
      ),
      'block/ffn/kernel',
      'block/ffn/bias',
      'block/norm/gamma',
      'block/norm/beta',
    ]);
    expect([...block.sublayers.keys()]).toEqual(['attention', 'ffn', 'norm']);
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const before = tf.memory().numTensors;
    const { history } = await model.fit(x, y, { epochs: 3, batchSize: 64, shuffle: false, verbose: 0 });
    expect(tf.memory().numTensors - before).toBeLessThan(3 * model.trainableWeights.length); // Adam's moments
    const plain = model.evaluate(x, y, { verbose: 0 }) as tf.Scalar;
    // Losses of kernels and activities come on top in training.
    expect(history['loss'].at(-1)).toBeGreaterThan(1.5 * (await valuesOf(plain))[0]);
    const loaded = await savedAndLoaded(model);
    expect(await valuesOf(loaded.predict(x) as tf.Tensor)).toEqual(await valuesOf(model.predict(x) as tf.Tensor));
  });

  it('holds constraints after every update', async () => {
    const layer = multiHeadAttention({
      numHeads: 2,
      keyDim: 4,
      kernelConstraint: { className: 'MaxNorm', config: { maxValue: 0.5, axis: 0 } },
      biasConstraint: 'nonNeg',
      inputShape: [6, 8],
    });
    const model = tf.sequential({ layers: [layer, tf.layers.flatten(), tf.layers.dense({ units: 1 })] });
    model.compile({ optimizer: tf.train.sgd(1), loss: 'meanSquaredError' });
    const x = random([16, 6, 8], 1);
    const before = tf.memory().numTensors;
    await model.fit(x, tf.ones([16, 1]), { epochs: 3, verbose: 0 });
    expect(tf.memory().numTensors).toBe(before + 1); // the targets
    for (const weight of layer.getWeights()) {
      const worst = weight.rank === 3 ? tf.max(tf.norm(weight, 2, 0)) : tf.neg(tf.min(weight));
      expect((await valuesOf(worst))[0]).toBeLessThanOrEqual(weight.rank === 3 ? 0.5001 : 0);
    }
  });

  it('frozen, has no trainable weights', () => {
    const block = new TransformerBlock({ trainable: false });
    block.apply(tf.input({ shape: [6, 8] }));
    expect([block.trainableWeights.length, block.nonTrainableWeights.length]).toEqual([0, 12]);
  });
});
