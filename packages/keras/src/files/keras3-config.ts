import { HeedError } from '@heed/base';
import type { Graph } from '../graph/graph.js';
import { TensorRef, type Argument, type CallSpec, type LayerSpec } from '../graph/model-spec.js';
import { KERAS_LAYERS } from '../known-layers.js';
import { isObject, type Json } from './read-json.js';

/** Arguments of Keras 2 that Keras 3's layers refuse. */
const DROPPED: ReadonlySet<string> = new Set(['time_major', 'batch_input_shape', 'implementation']);

/** Modules of nested configurations that Keras 2 wrote without one, by the end of their keys. */
const MODULES: readonly (readonly [end: string, module: string])[] = [
  ['_initializer', 'keras.initializers'],
  ['_regularizer', 'keras.regularizers'],
  ['_constraint', 'keras.constraints'],
  ['layer', 'keras.layers'],
  ['cell', 'keras.layers'],
];

/** Modules of ops that aren't in `keras.src.ops.numpy`, by their classes. */
const OP_MODULES: Readonly<Record<string, readonly string[]>> = {
  'keras.src.ops.core': ['Unstack', 'Cast', 'ConvertToTensor', 'StopGradient', 'Slice'],
  'keras.src.ops.math': ['Rsqrt', 'Erf', 'Logsumexp'],
  'keras.src.ops.nn': [
    'Relu',
    'Relu6',
    'Sigmoid',
    'Softplus',
    'Elu',
    'Selu',
    'Silu',
    'Gelu',
    'LeakyRelu',
    'Softmax',
    'LogSoftmax',
    'OneHot',
    'Normalize',
  ],
};

/** Classes that Keras exports by another name, which a `.keras` file has to say. */
const EXPORTED: Readonly<Record<string, string>> = { GroupedQueryAttention: 'GroupQueryAttention' };

/**
 * A model's configuration as Keras 3 reads it from a `.keras` file: its own where that is what the model came with, and else, for models of
 * Keras 2 or of a `.h5` file, one written anew. How it was compiled is left out, since the state of the optimizer isn't saved.
 *
 * @throws HeedError INVALID_ARGUMENT for ops of Keras 2, which Keras 3 has no layer for
 */
export function keras3Config(topology: Json, graph: Graph): Json {
  if (typeof topology['module'] === 'string') return { ...topology, compile_config: null };
  return modelConfig(graph);
}

function modelConfig(graph: Graph): Json {
  const { spec } = graph;
  const sequential = spec.className === 'Sequential';
  const layers = graph.members.map(({ spec: layer, graph: inner }) => {
    const described = inner === undefined ? layerConfig(layer) : modelConfig(inner);
    return sequential
      ? described
      : { ...described, name: layer.name, inbound_nodes: layer.calls.map((call) => nodeOf(call, graph)) };
  });
  const place = ({ layer, call, output }: TensorRef): unknown[] => [layer, call, output];
  return {
    module: sequential ? 'keras' : 'keras.src.models.functional',
    class_name: sequential ? 'Sequential' : 'Functional',
    config: {
      name: spec.name,
      trainable: spec.trainable,
      layers,
      ...(!sequential && {
        input_layers: spec.inputs.map(place),
        output_layers: spec.outputs.map((ref) => place(from0(ref, graph))),
      }),
    },
    registered_name: sequential ? null : 'Functional',
  };
}

function layerConfig({ name, className, registeredName, config }: LayerSpec): Json {
  if (className === 'TFOpLambda' || className === 'SlicingOpLambda') {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `saveKeras: layer ${name} is an op of Keras 2, ${String(config['function'])}, for which Keras 3 has no layer`,
      hint: 'models with such ops can be saved by model.save',
      details: { layer: name },
    });
  }
  const isOp = config['trainable'] === undefined && className !== 'InputLayer';
  if (isOp) return { module: opModule(className), class_name: className, config, registered_name: className };
  const known = className === 'InputLayer' || Object.hasOwn(KERAS_LAYERS, className);
  return {
    module: known ? 'keras.layers' : null,
    class_name: EXPORTED[className] ?? className,
    config: className === 'InputLayer' ? inputConfig(config) : plainConfig(config),
    registered_name: known ? null : (registeredName ?? className),
  };
}

const opModule = (className: string): string =>
  Object.entries(OP_MODULES).find(([, classes]) => classes.includes(className))?.[0] ?? 'keras.src.ops.numpy';

const inputConfig = (config: Json): Json => ({
  batch_shape: config['batch_shape'] ?? config['batch_input_shape'],
  dtype: config['dtype'],
  name: config['name'],
});

/** A configuration without what Keras 3 refuses, in which each nested one says its module. */
function plainConfig(config: Json): Json {
  const entries = Object.entries(config).filter(([key]) => !DROPPED.has(key));
  return Object.fromEntries(entries.map(([key, value]) => [key, nestedConfig(key, value)]));
}

function nestedConfig(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => nestedConfig(key, one));
  if (!isObject(value) || typeof value['class_name'] !== 'string' || !isObject(value['config'])) return value;
  const module = value['module'] ?? MODULES.find(([end]) => key.endsWith(end))?.[1] ?? 'keras.layers';
  return { ...value, module, config: plainConfig(value['config']), registered_name: value['registered_name'] ?? null };
}

function nodeOf({ args, kwargs }: CallSpec, graph: Graph): Json {
  return {
    args: args.map((one) => argumentOf(one, graph)),
    kwargs: Object.fromEntries(Object.entries(kwargs).map(([name, one]) => [name, argumentOf(one, graph)])),
  };
}

function argumentOf(argument: Argument, graph: Graph): unknown {
  if (argument instanceof TensorRef) {
    const { layer, call, output } = from0(argument, graph);
    // Keras makes the tensor anew and only looks at its history.
    const config = { shape: [null], dtype: 'float32', keras_history: [layer, call, output] };
    return { class_name: '__keras_tensor__', config };
  }
  if (Array.isArray(argument)) return argument.map((one: Argument) => argumentOf(one, graph));
  if (typeof argument !== 'object' || argument === null) return argument;
  return Object.fromEntries(Object.entries(argument).map(([key, one]) => [key, argumentOf(one as Argument, graph)]));
}

/** A place as Keras 3 counts: calls of models in the model begin at 0, too. */
function from0(ref: TensorRef, graph: Graph): TensorRef {
  const isModel = graph.members.some(({ spec, graph: inner }) => spec.name === ref.layer && inner !== undefined);
  return isModel ? new TensorRef(ref.layer, ref.call - graph.spec.firstCall, ref.output) : ref;
}
