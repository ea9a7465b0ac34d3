import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import { ATTENTION_LAYERS, fromKeras, type CallArguments, type KerasLayer } from '@heed/keras';
import { input, type Shape } from '@tensorflow/tfjs-layers';
import { kerasPath } from '../keras/keras-path.js';
import { KERAS } from '../keras/parse-keras.js';
import { cannot, type Mapped, type Mapping, type NamedTensors } from '../mapping.js';
import { tensorsOf, type VectorCase } from '../vector-case.js';

type Given = Readonly<Record<string, unknown>>;

/** A layer of Keras, called eagerly, with masks on its tensors and by keyword; or a call that Keras refuses. */
const mapKerasLayer: Mapping = (test) => {
  if ('refused' in test.options) return refusal(test);
  const layer = layerOf(test);
  const call: CallArguments = fromKeras(test.options['call'] as Given);
  const attached = Object.entries(test.options['attached'] as Readonly<Record<string, string>>);
  build(test, layer, call);
  checkConfig(test, layer);
  return {
    run: (inputs) => {
      for (const [tensor, mask] of attached) {
        Object.assign(tensorOf(test, inputs, tensor), { kerasMask: tf.clone(tensorOf(test, inputs, mask)) });
      }
      const given = within(call, (name) => inputs[nameOf(name)]) as CallArguments;
      return outputsOf(test, layer, given);
    },
    variables: variablesOf(test, layer),
    ...kerasPath(test, layer),
    dispose: () => void layer.dispose(),
  };
};

/** Mappings by the names of mechanisms. */
export const KERAS_MAPPINGS: Readonly<Record<string, Mapping>> = Object.fromEntries(
  Object.keys(ATTENTION_LAYERS).map((name) => [`${KERAS}${name}`, mapKerasLayer]),
);

const layerOf = ({ mechanism, options }: VectorCase): KerasLayer =>
  ATTENTION_LAYERS[mechanism.slice(KERAS.length)](options['init'] as Given);

function outputsOf(test: VectorCase, layer: KerasLayer, given: CallArguments): NamedTensors {
  const { [layer.argumentNames[0]]: first, ...others } = given;
  const [output, scores] = [layer.apply(first as tf.Tensor, others)].flat() as tf.Tensor[];
  const expected = test.options['masks'] as Given;
  const mask = (output as { kerasMask?: tf.Tensor | null }).kerasMask ?? null;
  if (mask !== null && expected['output_keras_mask'] === null)
    cannot(test, 'there is a mask on the output, and none is expected');
  const still = Object.values((expected['still_attached_to_input'] ?? {}) as Given);
  if (still.some((stays) => stays === layer.takesMasksOff)) {
    cannot(test, `masks of inputs ${layer.takesMasksOff ? 'are taken off' : 'stay'}, and the contrary is expected`);
  }
  return {
    output,
    ...(scores && { scores }),
    ...(mask && { keras_mask: mask, compute_mask: mask }),
  };
}

/** Makes the weights, which must have Keras's names in its order, and gives them the case's values. */
function build(test: VectorCase, layer: KerasLayer, call: CallArguments): void {
  const given = tensorsOf(test, 'in');
  const symbols = new Map<string, unknown>();
  const symbol = (name: string): unknown => {
    const { shape, dtype } = given[nameOf(name)] ?? cannot(test, `there is no tensor ${name}`);
    if (!symbols.has(name)) symbols.set(name, input({ batchShape: [...shape] as Shape, dtype }));
    return symbols.get(name);
  };
  const { [layer.argumentNames[0]]: first, ...others } = within(call, symbol) as CallArguments;
  layer.apply(first as tf.Tensor, others);
  const names = test.options['weights'] as readonly string[];
  const wrong = layer.weights.findIndex(({ originalName }, n) => originalName !== `${layer.name}/${names[n]}`);
  if (wrong >= 0 || names.length !== layer.weights.length) {
    cannot(
      test,
      `weights are ${layer.weights.map(({ originalName }) => originalName).join(', ')}, not ${names.join(', ')}`,
    );
  }
  const values = tensorsOf(test, 'param');
  const parameters = names.map((name) => Float32Array.from(values[name].data));
  const shapes = layer.weights.map(({ shape }) => shape as number[]);
  tf.tidy(() => layer.setWeights(parameters.map((data, n) => tf.reshape(tf.tensor1d(data), shapes[n]))));
}

/** The layer's weights by the names that Keras has for them. */
const variablesOf = ({ options }: VectorCase, layer: KerasLayer): NamedTensors =>
  Object.fromEntries((options['weights'] as readonly string[]).map((name, n) => [name, layer.weights[n].read()]));

/** Holds what a layer says of itself against Keras's configuration, where that is plain. */
function checkConfig(test: VectorCase, layer: KerasLayer): void {
  const own = layer.getConfig();
  const { name: _, ...config } = fromKeras<Given>(test.options['config'] as Given);
  for (const [key, value] of Object.entries(config)) {
    if (JSON.stringify(value)?.includes('{') || JSON.stringify(own[key]) === JSON.stringify(value)) continue;
    cannot(test, `config has ${key} ${JSON.stringify(own[key])}, not ${JSON.stringify(value)}`);
  }
}

/** Succeeds where the layer, or its call on tensors or on symbols, is refused by a coded error. */
function refusal(test: VectorCase): Mapped {
  const shapes = test.options['inputs'] as Readonly<Record<string, readonly number[]>>;
  const refused = [
    (shape: readonly number[]) => tf.ones([...shape]),
    (shape: readonly number[]) => input({ batchShape: [null, ...shape.slice(1)] }),
  ].some((make) => {
    try {
      tf.tidy(() => {
        const layer = layerOf(test);
        const made = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, make(shape)]));
        const call: CallArguments = fromKeras(test.options['call'] as Given);
        const { [layer.argumentNames[0]]: first, ...others } = within(call, (name) => made[name]) as CallArguments;
        layer.apply(first as tf.Tensor, others);
      });
      return false;
    } catch (error) {
      if (HeedError.isInstance(error)) return true;
      throw error;
    }
  });
  if (!refused) cannot(test, `Keras refuses it and Heed doesn't: ${String(test.options['refused'])}`);
  return { run: () => ({}), path: 'empty', reasons: [] };
}

const nameOf = (name: string): string => name.replace(/^in\//, '');

const tensorOf = (test: VectorCase, inputs: NamedTensors, name: string): tf.Tensor =>
  inputs[nameOf(name)] ?? cannot(test, `there is no tensor ${name}`);

/** A value with tensors in place of their names, and of lists of bools. */
function within(value: unknown, tensor: (name: string) => unknown): unknown {
  if (typeof value === 'string') return tensor(value) ?? value;
  if (Array.isArray(value)) {
    const bools = value.flat(Infinity);
    return bools.length > 0 && bools.every((item) => typeof item === 'boolean')
      ? tf.tensor(value as boolean[], undefined, 'bool')
      : value.map((item) => within(item, tensor));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, within(item, tensor)]));
}
