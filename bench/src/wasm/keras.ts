import { KerasModel } from '@heed/keras';
import * as tf from '@tensorflow/tfjs-core';
import {
  layers,
  model as functional,
  input as symbol,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { inputs } from '../computations.js';
import { contest, ratiosOf } from '../contest.js';
import { atLeast } from '../figure.js';
import type { BenchCase } from './case.js';
import { ComposedAttention } from './composed-attention.js';
import type { Engine } from './engines.js';
import type { System } from './system.js';
import { COMPOSED, HEED } from './systems.js';

const BATCH = 32;
const TIME = 128;
const WIDTH = 64;
const HEADS = 4;
const CLASSES = 2;
const BLOCKS = 2;

/** The classifier as Keras 3 saves it: two blocks with norms after, the mean over time, one layer. */
function topology(): Readonly<Record<string, unknown>> {
  const tensor = (layer: string): object => ({
    class_name: '__keras_tensor__',
    config: { shape: [null, TIME, WIDTH], dtype: 'float32', keras_history: [layer, 0, 0] },
  });
  const layer = (class_name: string, name: string, config: object, args: readonly unknown[]): object => ({
    module: 'keras.layers',
    class_name,
    name,
    config: { name, trainable: true, dtype: 'float32', ...config },
    inbound_nodes: args.length === 0 ? [] : [{ args, kwargs: {} }],
  });
  const list = [layer('InputLayer', 'given', { batch_shape: [null, TIME, WIDTH] }, [])];
  const add = (class_name: string, name: string, config: object, ...args: readonly unknown[]): object => {
    list.push(layer(class_name, name, config, args));
    return tensor(name);
  };
  let x = tensor('given');
  for (let n = 0; n < BLOCKS; n++) {
    const attended = add('MultiHeadAttention', `attention_${n}`, { num_heads: HEADS, key_dim: WIDTH / HEADS }, x, x);
    const normed = add('LayerNormalization', `norm_${n}`, {}, add('Add', `sum_${n}`, {}, [x, attended]));
    const hidden = add('Dense', `hidden_${n}`, { units: 4 * WIDTH, activation: 'relu' }, normed);
    const back = add('Dense', `back_${n}`, { units: WIDTH }, hidden);
    x = add('LayerNormalization', `norm_after_${n}`, {}, add('Add', `sum_after_${n}`, {}, [normed, back]));
  }
  add('Dense', 'classes', { units: CLASSES, activation: 'softmax' }, add('GlobalAveragePooling1D', 'mean', {}, x));
  const [input_layers, output_layers] = [
    ['given', 0, 0],
    ['classes', 0, 0],
  ];
  return { class_name: 'Functional', config: { name: 'classifier', layers: list, input_layers, output_layers } };
}

/** The same of TensorFlow.js's layers, with attention composed of its ops. */
function ofTensorFlow(): LayersModel {
  const given = symbol({ shape: [TIME, WIDTH] });
  let x = given as SymbolicTensor;
  for (let n = 0; n < BLOCKS; n++) {
    const attended = new ComposedAttention({ heads: HEADS, headWidth: WIDTH / HEADS }).apply(x) as SymbolicTensor;
    const sum = layers.add().apply([x, attended]) as SymbolicTensor;
    const normed = layers.layerNormalization().apply(sum) as SymbolicTensor;
    const hidden = layers.dense({ units: 4 * WIDTH, activation: 'relu' }).apply(normed) as SymbolicTensor;
    const back = layers.dense({ units: WIDTH }).apply(hidden) as SymbolicTensor;
    x = layers.layerNormalization().apply(layers.add().apply([normed, back]) as SymbolicTensor) as SymbolicTensor;
  }
  const mean = layers.globalAveragePooling1d().apply(x) as SymbolicTensor;
  const outputs = layers.dense({ units: CLASSES, activation: 'softmax' }).apply(mean) as SymbolicTensor;
  return functional({ inputs: given, outputs });
}

/** A model on an engine with the weights of another, whose numbers are given. */
async function system(
  name: string,
  { enter }: Engine,
  make: () => LayersModel,
  weights: readonly Float32Array[] | undefined,
  task: 'predict' | 'fit',
): Promise<System & { readonly weights: readonly Float32Array[] }> {
  await enter();
  const model = make();
  model.compile({ optimizer: tf.train.sgd(0.01), loss: 'categoricalCrossentropy' });
  const [given] = inputs([[BATCH, TIME, WIDTH]]);
  const x = tf.tensor3d(given!.values, [BATCH, TIME, WIDTH]);
  const y = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: BATCH }, (_, n) => n % CLASSES),
      'int32',
    ),
    CLASSES,
  );
  const own = model.getWeights();
  if (weights !== undefined) model.setWeights(weights.map((values, n) => tf.tensor(values, own[n]!.shape)));
  return {
    name,
    enter,
    weights: own.map((weight) => weight.dataSync<'float32'>().slice()),
    run: async () => {
      if (task === 'predict') {
        const output = model.predict(x) as tf.Tensor;
        const values = output.dataSync<'float32'>();
        output.dispose();
        return [values];
      }
      const { history } = await model.fit(x, y, { epochs: 1, batchSize: BATCH, shuffle: false, verbose: 0 });
      return [Float32Array.from(history['loss'] as number[])];
    },
    dispose: async () => {
      await enter();
      tf.dispose([x, y]);
      model.dispose();
    },
  };
}

/** Cases of a small transformer classifier: as a model of Keras in Heed, and of TensorFlow.js's layers with attention composed of its ops. */
export const keras: readonly BenchCase[] = (['predict', 'fit'] as const).map((task) => {
  const title = `model.${task} of a transformer classifier, ${BLOCKS} blocks, B${BATCH} H${HEADS} T${TIME}, width ${WIDTH}`;
  const name = `keras-${task}`;
  return {
    name,
    title,
    async run(engines, rounds) {
      const heed = await system(HEED, engines.heed(1)!, () => new KerasModel(topology()), undefined, task);
      const systems = [heed, await system(COMPOSED, engines.plain, ofTensorFlow, heed.weights, task)];
      const standings = await contest(systems, rounds);
      for (const one of systems) await one.dispose();
      const figures = [atLeast(`${name}: times ${COMPOSED}`, 5, ratiosOf(standings[1], standings[0]), '×')];
      return { case: name, title, standings, figures, leftOut: [] };
    },
  };
});
