import { HeedError } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { objectOf } from '../files/read-json.js';
import { KerasLayer, type CallArguments } from '../layers/keras-layer.js';
import { TensorRef, type Argument, type LayerSpec, type ModelSpec } from './model-spec.js';
import { callNative } from './call-native.js';
import { camelCased } from './config-case.js';
import { carriedMasks, passMasks } from './masks.js';
import type { Pass } from './pass.js';
import { findOperation } from './operations/index.js';
import { orderCalls, type GraphCall } from './order-calls.js';
import { isModel, parseModel } from './parse-model.js';
import { makeLayer, type CustomLayers } from './resolve.js';

/** What a name of a graph stands for. */
type Member =
  | { readonly kind: 'input'; readonly dtype: tf.DataType }
  | { readonly kind: 'operation'; readonly run: NonNullable<ReturnType<typeof findOperation>> }
  | { readonly kind: 'layer'; readonly layer: layers.Layer }
  | { readonly kind: 'model'; readonly graph: Graph };

/**
 * A model of Keras as a graph that runs by Keras's rules: each call has its own arguments, and masks ride on tensors while it runs.
 *
 * @see Keras 3, `Layer.__call__` and `Function._run_through_graph`
 */
export class Graph {
  readonly spec: ModelSpec;
  readonly #members = new Map<string, Member>();
  readonly #calls: readonly GraphCall[];

  /** @throws HeedError FILE_INVALID, UNKNOWN_NAME, CONFIG_INVALID */
  constructor(spec: ModelSpec, custom: CustomLayers) {
    this.spec = spec;
    for (const layer of spec.layers) this.#members.set(layer.name, memberOf(layer, custom));
    this.#calls = orderCalls(spec, ({ name }) => {
      const member = this.#members.get(name);
      return member?.kind === 'model' ? spec.firstCall : 0;
    });
  }

  /** Layers in the order of the file, without those of models in it, with their names. */
  get members(): readonly { readonly spec: LayerSpec; readonly layer?: layers.Layer; readonly graph?: Graph }[] {
    return this.spec.layers.map((spec) => {
      const member = this.#members.get(spec.name)!;
      return {
        spec,
        ...(member.kind === 'layer' && { layer: member.layer }),
        ...(member.kind === 'model' && { graph: member.graph }),
      };
    });
  }

  /** All layers, those of models in it too, each once. */
  get layers(): readonly layers.Layer[] {
    return [
      ...new Set(this.members.flatMap(({ layer, graph }) => (layer === undefined ? (graph?.layers ?? []) : [layer]))),
    ];
  }

  /** The type that an input is to have. */
  dtypeOf(name: string): tf.DataType {
    const member = this.#members.get(name);
    return member?.kind === 'input' ? member.dtype : 'float32';
  }

  /**
   * Runs the graph. The results belong to the `tf.tidy` around it.
   *
   * @param path names of the models around it
   * @param number of the call of this model in the one around it
   */
  run(inputs: readonly Tensor[], pass: Pass, path: readonly string[] = [], number = 0): Tensor[] {
    const values = new Map<string, Tensor>();
    for (const [n, ref] of this.spec.inputs.entries()) {
      const given = inputs[n]!;
      const wanted = this.dtypeOf(ref.layer);
      const input = given.dtype === wanted ? given : tf.cast(given, wanted);
      const mask = pass.masks.get(given);
      if (mask !== undefined && input !== given) pass.masks.set(input, mask);
      values.set(ref.key, input);
    }
    for (const one of this.#calls) {
      const member = this.#members.get(one.layer.name)!;
      if (member.kind === 'input') throw missing(this.spec, `input ${one.layer.name} is not among its inputs`);
      const fill = (argument: Argument): unknown =>
        filled(argument, (ref) => valueOf(this.spec, values, this.#shifted(ref)));
      const args = one.call.args.map(fill);
      const kwargs = Object.fromEntries(Object.entries(one.call.kwargs).map(([key, value]) => [key, fill(value)]));
      const outputs = named(one, path, () =>
        runMember(member, args, kwargs, pass, [...path, one.layer.name], number * one.layer.calls.length + one.index),
      );
      for (const [n, output] of outputs.entries()) values.set(new TensorRef(one.layer.name, one.index, n).key, output);
    }
    return this.spec.outputs.map((ref) => valueOf(this.spec, values, this.#shifted(ref)));
  }

  /** A place with its call counted from 0. */
  #shifted(ref: TensorRef): TensorRef {
    const first = this.#members.get(ref.layer)?.kind === 'model' ? this.spec.firstCall : 0;
    return first === 0 ? ref : new TensorRef(ref.layer, ref.call - first, ref.output);
  }
}

function memberOf(spec: LayerSpec, custom: CustomLayers): Member {
  const { name, className, module, config } = spec;
  if (className === 'InputLayer') return { kind: 'input', dtype: inputType(config['dtype'] ?? 'float32') };
  if (isModel(spec)) return { kind: 'model', graph: new Graph(parseModel({ class_name: className, config }), custom) };
  const isOperation = module === undefined ? isBareOperation(spec) : /^keras\.(?:src\.)?ops\b/.test(module);
  const isLambda = className === 'TFOpLambda' || className === 'SlicingOpLambda';
  if (isOperation || isLambda) {
    const called = isLambda ? String(config['function']) : className;
    const run = findOperation(called);
    if (run !== undefined)
      return {
        kind: 'operation',
        run: isLambda ? run : (args, kwargs) => run(args, { ...ownArguments(config), ...kwargs }),
      };
    throw new HeedError('UNKNOWN_NAME', {
      message: `layer ${name} is the op ${called}, which is not known`,
      hint: 'write it as a layer of your own in the model, or say in an issue that it is missing',
      details: { layer: name, operation: called },
    });
  }
  return { kind: 'layer', layer: makeLayer(spec, custom) };
}

/** An op in a file that doesn't tell modules: it has none of what every layer has, so that `Concatenate` is told from the layer of that name. */
const isBareOperation = ({ className, config }: LayerSpec): boolean =>
  findOperation(className) !== undefined && !('trainable' in config);

/** What an op was made with: `axis` of a softmax; its name and type are not for its arguments. */
function ownArguments(config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { name: _, dtype, trainable: __, ...rest } = config;
  return typeof dtype === 'string' ? { ...rest, dtype } : rest;
}

function inputType(dtype: unknown): tf.DataType {
  const name = typeof dtype === 'string' ? dtype : String(objectOf('dtype of an input', dtype)['name'] ?? 'float32');
  if (name === 'bool') return 'bool';
  return /^u?int/.test(name) ? 'int32' : 'float32';
}

/** An argument with tensors in the places of their names. */
function filled(argument: Argument, valueOf: (ref: TensorRef) => Tensor): unknown {
  if (argument instanceof TensorRef) return valueOf(argument);
  if (Array.isArray(argument)) return (argument as readonly Argument[]).map((one) => filled(one, valueOf));
  if (typeof argument !== 'object' || argument === null) return argument;
  return Object.fromEntries(
    Object.entries(argument as object).map(([key, one]) => [key, filled(one as Argument, valueOf)]),
  );
}

function valueOf(model: ModelSpec, values: ReadonlyMap<string, Tensor>, ref: TensorRef): Tensor {
  const value = values.get(ref.key);
  if (value === undefined) throw missing(model, `layer ${ref.layer} has no output ${ref.output} of call ${ref.call}`);
  return value;
}

const missing = (model: ModelSpec, what: string): HeedError =>
  new HeedError('FILE_INVALID', { message: `model ${model.name}: ${what}` });

/** Errors of TensorFlow.js with the layer in which they arose. */
function named<Result>({ layer }: GraphCall, path: readonly string[], run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    if (HeedError.isInstance(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeedError('INVALID_ARGUMENT', {
      message: `layer ${[...path, layer.name].join('/')} (${layer.className}): ${reason}`,
      details: { layer: layer.name },
      cause,
    });
  }
}

function runMember(
  member: Exclude<Member, { readonly kind: 'input' }>,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
  pass: Pass,
  path: readonly string[],
  index: number,
): readonly Tensor[] {
  if (member.kind === 'operation') return listOf(member.run(args, kwargs));
  if (member.kind === 'model') {
    const inputs = tensorsIn(args[0]);
    for (const [n, mask] of tensorsIn(kwargs['mask']).entries()) pass.masks.set(inputs[n]!, mask);
    return member.graph.run(inputs, pass, path, index);
  }
  const { layer } = member;
  if (!(layer instanceof KerasLayer)) {
    const outputs = callNative(layer, args, kwargs, pass);
    pass.see?.({ path, index, layer, given: {}, outputs, masks: masksOf(outputs, pass) });
    return outputs;
  }
  const bound = bind(layer, args, kwargs, pass.training);
  const maskOf = (tensor: Tensor): Tensor | null => pass.masks.get(tensor) ?? null;
  const given = layer.fillMasks(bound, (tensor) => maskOf(tensor as Tensor));
  const [first] = layer.argumentNames;
  const before = given['mask'] ?? carriedMasks(given[first!], pass.masks);
  const carried = tensorsIn(Object.values(bound)).map((tensor) => [tensor, maskOf(tensor)] as const);
  if (!layer.built) {
    const { [first!]: one, ...rest } = bound;
    tf.dispose(layer.apply(one as Tensor, rest) as Tensor[]);
  }
  const outputs = listOf(layer.run(given));
  if (layer.takesMasksOff) for (const [tensor, mask] of carried) if (mask !== null) pass.masks.delete(tensor);
  passMasks(layer, given[first!], outputs, before, pass.masks);
  pass.see?.({ path, index, layer, given, outputs, masks: masksOf(outputs, pass) });
  return outputs;
}

const masksOf = (outputs: readonly Tensor[], { masks }: Pass): (Tensor | null)[] =>
  outputs.map((output) => masks.get(output) ?? null);

/** Arguments by their names: those by position in the layer's order, keywords in camel case; `None` is one that isn't given. */
function bind(
  { name, argumentNames }: KerasLayer,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
  training: boolean,
): CallArguments {
  if (args.length > argumentNames.length)
    throw new HeedError('FILE_INVALID', {
      message: `layer ${name} is called with ${args.length} arguments and takes ${argumentNames.length}: ${argumentNames.join(', ')}`,
    });
  const given: Record<string, unknown> = {};
  for (const [n, value] of args.entries()) given[argumentNames[n]!] = value;
  Object.assign(given, camelCased(kwargs));
  // What a file says of training was so while the model was built; now the run says it.
  delete given['training'];
  if (argumentNames.includes('training')) given['training'] = training;
  for (const [key, value] of Object.entries(given)) if (value === null || value === undefined) delete given[key];
  const unknown = Object.keys(given).filter((key) => !argumentNames.includes(key));
  if (unknown.length > 0)
    throw new HeedError('FILE_INVALID', {
      message: `layer ${name} is called with ${unknown.join(', ')}, which it doesn't take`,
      hint: `it takes ${argumentNames.join(', ')}`,
    });
  return given;
}

const listOf = (outputs: Tensor | readonly Tensor[]): readonly Tensor[] =>
  Array.isArray(outputs) ? outputs : [outputs as Tensor];

function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof tf.Tensor) return [value];
  return Array.isArray(value) ? value.flatMap(tensorsIn) : [];
}
