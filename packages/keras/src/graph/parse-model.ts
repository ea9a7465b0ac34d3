import { invalid } from '../files/invalid.js';
import { isObject, listOf, objectOf, textOf, type Json } from '../files/read-json.js';
import { TensorRef, type Argument, type CallSpec, type LayerSpec, type ModelSpec } from './model-spec.js';

const MODELS: ReadonlySet<string> = new Set(['Functional', 'Model', 'Sequential']);

/** Layers that take states after their input in one list, in files of Keras 2. */
const RECURRENT: ReadonlySet<string> = new Set(['LSTM', 'GRU', 'SimpleRNN', 'RNN', 'Bidirectional', 'ConvLSTM2D']);

export const isModel = ({ className }: Pick<LayerSpec, 'className'>): boolean => MODELS.has(className);

/**
 * A model's configuration: that of Keras 3, Keras 2 or TensorFlow.js.
 *
 * @throws HeedError FILE_INVALID with the layer that is wrong
 */
export function parseModel(topology: Json): ModelSpec {
  // `model_config` is how the converter of TensorFlow.js wraps it.
  const model = isObject(topology['model_config']) ? topology['model_config'] : topology;
  if (model['class_name'] === undefined)
    throw invalid('the JSON is not of a model', 'Keras’s `to_json` writes one, with class_name and config');
  const className = textOf('class_name of the model', model['class_name']);
  if (!MODELS.has(className))
    throw invalid(
      `the model is a ${className}, a subclass whose graph the file doesn't have`,
      'build it as a Functional or Sequential model, and save that',
    );
  return className === 'Sequential' ? parseSequential(model) : parseFunctional(className, model);
}

function parseFunctional(className: string, { config: given }: Json): ModelSpec {
  const config = objectOf('config of the model', given);
  const name = nameOf(config);
  const declared = listOf(`layers of ${name}`, config['layers']).map((one, n) =>
    objectOf(`layer ${n} of ${name}`, one),
  );
  const names = new Set(declared.map((one) => layerName(one)));
  const layers = declared.map((one) => parseLayer(one, names));
  if (names.size < layers.length) throw invalid(`two layers of ${name} have the same name`);
  return {
    name,
    className,
    trainable: config['trainable'] !== false,
    layers,
    inputs: placesOf(`input_layers of ${name}`, config['input_layers'], names),
    outputs: placesOf(`output_layers of ${name}`, config['output_layers'], names),
    firstCall: declared.some(({ inbound_nodes: nodes }) => isKeras2(nodes)) ? 1 : 0,
  };
}

const isKeras2 = (nodes: unknown): boolean => Array.isArray(nodes) && nodes.some((node) => Array.isArray(node));

const layerName = (layer: Json): string =>
  typeof layer['name'] === 'string' ? layer['name'] : nameOf(objectOf('config of a layer', layer['config']));

const nameOf = (config: Json): string => (typeof config['name'] === 'string' ? config['name'] : 'model');

function parseLayer(layer: Json, names: ReadonlySet<string>): LayerSpec {
  const name = layerName(layer);
  const className = textOf(`class_name of ${name}`, layer['class_name']);
  const nodes = listOf(`inbound_nodes of ${name}`, layer['inbound_nodes'] ?? []);
  return {
    ...aboutLayer(layer, name, className),
    calls: nodes.map((node) => (Array.isArray(node) ? callOfKeras2(name, className, node, names) : callOf(name, node))),
  };
}

function aboutLayer(layer: Json, name: string, className: string): Omit<LayerSpec, 'calls'> {
  const { module } = layer;
  // A custom class has its package before its name, in older files in the name of the class itself.
  const [own, packaged] = className.includes('>')
    ? [className.slice(className.indexOf('>') + 1), className]
    : [className, undefined];
  const registeredName = packaged ?? layer['registered_name'];
  return {
    name,
    className: own,
    ...(typeof module === 'string' && { module }),
    ...(typeof registeredName === 'string' && { registeredName }),
    config: objectOf(`config of ${name}`, layer['config']),
  };
}

/** A node of Keras 3: { args, kwargs }. */
function callOf(name: string, node: unknown): CallSpec {
  const { args, kwargs } = objectOf(`an inbound node of ${name}`, node);
  return {
    args: listOf(`args of ${name}`, args).map((one) => argumentOf(name, one)),
    kwargs: mapped(objectOf(`kwargs of ${name}`, kwargs ?? {}), (one) => argumentOf(name, one)),
  };
}

function argumentOf(name: string, value: unknown): Argument {
  if (Array.isArray(value)) return value.map((one) => argumentOf(name, one));
  if (!isObject(value)) return value as Argument;
  const { class_name: className, config } = value;
  if (className === '__keras_tensor__' && isObject(config))
    return placeOf(`a tensor that ${name} is called with`, config['keras_history']);
  // Tuples, slices, data types and numbers of NumPy as Keras writes them.
  if (className === '__tuple__' || className === '__numpy__' || className === '__tensor__')
    return argumentOf(name, isObject(config) ? config['value'] : value['items']);
  return mapped(value, (one) => argumentOf(name, one));
}

const mapped = <From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

/** A node of Keras 2: one tensor or a list of them, [layer, call, output, kwargs], with the keywords of the call at the first. */
function callOfKeras2(name: string, className: string, node: readonly unknown[], names: ReadonlySet<string>): CallSpec {
  const kwargs: Record<string, Argument> = {};
  const read = (part: unknown): Argument => {
    const list = listOf(`an inbound node of ${name}`, part);
    if (typeof list[0] !== 'string') return list.map(read);
    const [layer, call, output, given] = list;
    if (isObject(given))
      Object.assign(
        kwargs,
        mapped(given, (one) => keywordOf(one, names)),
      );
    return layer === '_CONSTANT_VALUE'
      ? (output as Argument)
      : placeOf(`a tensor that ${name} is called with`, [layer, call, output]);
  };
  const first = read(node);
  const tensors = Array.isArray(first) ? (first as readonly Argument[]) : [first];
  if (RECURRENT.has(className) && tensors.length > 1) {
    const [input, ...states] = tensors;
    return { args: [input!], kwargs: { initial_state: states, ...kwargs } };
  }
  return { args: [tensors.length === 1 ? tensors[0]! : tensors], kwargs };
}

/** A keyword of Keras 2 that is a tensor is the list of its place; other lists are what they are. */
function keywordOf(value: unknown, names: ReadonlySet<string>): Argument {
  if (Array.isArray(value)) {
    const [layer, call, output] = value as unknown[];
    const isPlace = typeof layer === 'string' && names.has(layer) && Number.isInteger(call) && Number.isInteger(output);
    return isPlace ? placeOf('a keyword', [layer, call, output]) : value.map((one) => keywordOf(one, names));
  }
  return isObject(value) ? mapped(value, (one) => keywordOf(one, names)) : (value as Argument);
}

function placeOf(what: string, place: unknown): TensorRef {
  const [layer, call, output] = listOf(what, place);
  if (typeof layer !== 'string' || !isCount(call) || !isCount(output))
    throw invalid(`${what} is ${JSON.stringify(place).slice(0, 100)}, not a layer, a call and an output`);
  return new TensorRef(layer, call, output);
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Places of inputs or outputs: one, a list, or a record, whose keys Keras sorts. */
function placesOf(what: string, places: unknown, names: ReadonlySet<string>): TensorRef[] {
  if (Array.isArray(places)) {
    if (typeof places[0] === 'string' && Number.isInteger(places[1])) return [checked(placeOf(what, places), names)];
    return places.flatMap((one) => placesOf(what, one, names));
  }
  const record = objectOf(what, places);
  return Object.keys(record)
    .toSorted()
    .flatMap((key) => placesOf(what, record[key], names));
}

function checked(ref: TensorRef, names: ReadonlySet<string>): TensorRef {
  if (!names.has(ref.layer)) throw invalid(`no layer is called ${JSON.stringify(ref.layer)}`);
  return ref;
}

/** A chain: each layer is called once with what the one before gave. */
function parseSequential({ config: given }: Json): ModelSpec {
  // Keras 1 has a list of layers in place of the configuration.
  const config = Array.isArray(given) ? { layers: given } : objectOf('config of the model', given);
  const name = nameOf(config);
  const declared = listOf(`layers of ${name}`, config['layers']).map((one, n) =>
    objectOf(`layer ${n} of ${name}`, one),
  );
  if (declared.length === 0) throw invalid(`the model ${name} has no layers`);
  const layers: LayerSpec[] = [];
  if (declared[0]!['class_name'] !== 'InputLayer') layers.push(inputOf(config, declared[0]!));
  for (const layer of declared) {
    const own = layerName(layer);
    const before = layers.at(-1);
    const calls = before === undefined ? [] : [{ args: [new TensorRef(before.name, 0, 0)], kwargs: {} }];
    layers.push({ ...aboutLayer(layer, own, textOf(`class_name of ${own}`, layer['class_name'])), calls });
  }
  if (new Set(layers.map(({ name }) => name)).size < layers.length)
    throw invalid(`two layers of ${name} have the same name`);
  return {
    name,
    className: 'Sequential',
    trainable: config['trainable'] !== false,
    layers,
    inputs: [new TensorRef(layers[0]!.name, 0, 0)],
    outputs: [new TensorRef(layers.at(-1)!.name, 0, 0)],
    firstCall: 0,
  };
}

/** The input that a Sequential model doesn't list: by its first layer's shape, or by the one that it was built with. */
function inputOf(model: Json, first: Json): LayerSpec {
  const config = objectOf(`config of ${layerName(first)}`, first['config']);
  const shape = config['batch_input_shape'] ?? config['batch_shape'] ?? model['build_input_shape'];
  if (shape === undefined)
    throw invalid(
      'the Sequential model doesn’t say what shape its input has',
      'call it once, or give it an Input, before it is saved',
    );
  const dtype = first['class_name'] === 'Embedding' ? 'int32' : 'float32';
  return {
    name: `${layerName(first)}_input`,
    className: 'InputLayer',
    config: { name: `${layerName(first)}_input`, batch_shape: shape, dtype },
    calls: [],
  };
}
