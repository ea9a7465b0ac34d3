import { HeedError } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import { input, LayersModel, type layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { objectOf, readJson, textOf, type Json } from '../files/read-json.js';
import { attendingWithin, attends, attentionOf, type SeenAttention } from './attention.js';
import { describeModel } from './describe.js';
import { Graph } from './graph.js';
import { KerasGraph } from './keras-graph.js';
import { parseModel } from './parse-model.js';
import type { SeenCall } from './pass.js';
import type { CustomLayers } from './resolve.js';

/**
 * A model of Keras in TensorFlow.js: `predict`, `compile`, `fit`, `evaluate`, `save` and `dispose` are those of any LayersModel. Its graph runs
 * by Keras's rules, which TensorFlow.js's own don't follow: arguments of each call, masks that ride on tensors, ops among the layers.
 */
export class KerasModel extends LayersModel {
  static override readonly className = 'KerasModel';
  readonly graphLayer: KerasGraph;
  readonly topology: Json;

  /**
   * @param topology the model's configuration, as Keras's `to_json` has it
   * @throws HeedError FILE_INVALID, UNKNOWN_NAME, CONFIG_INVALID
   */
  constructor(topology: Json, custom: CustomLayers = []) {
    const graphLayer = new KerasGraph(new Graph(parseModel(topology), custom));
    const { graph } = graphLayer;
    const inputs = graphLayer.inputShapes.map((batchShape, n) => {
      const name = graph.spec.inputs[n]!.layer;
      return input({ batchShape, name, dtype: graph.dtypeOf(name) as 'float32' });
    });
    if (inputs.length === 0) throw new HeedError('FILE_INVALID', { message: `model ${graph.spec.name} has no inputs` });
    const outputs = graphLayer.apply(inputs.length === 1 ? inputs[0]! : inputs) as SymbolicTensor | SymbolicTensor[];
    super({ inputs, outputs, name: graph.spec.name });
    tf.serialization.registerClass(KerasModel);
    this.graphLayer = graphLayer;
    this.topology = topology;
  }

  /** The model's own graph, with its layers by name. */
  get graph(): Graph {
    return this.graphLayer.graph;
  }

  /** A layer of the file by its name; one of a model within by 'model/layer'. */
  override getLayer(nameOrIndex: string | number, index?: number): layers.Layer {
    if (typeof nameOrIndex !== 'string') return super.getLayer(nameOrIndex as never, index as never);
    const found = layerAt(this.graph, nameOrIndex.split('/'));
    if (found !== undefined) return found;
    throw new HeedError('UNKNOWN_NAME', {
      message: `model ${this.name} has no layer ${JSON.stringify(nameOrIndex)}`,
      hint: `its layers are ${this.graph.members.map(({ spec }) => spec.name).join(', ')}`,
    });
  }

  /** Names of the layers that can tell what they attend to, those of models within after the model's. */
  get attentionLayers(): readonly string[] {
    return attendingIn(this.graph);
  }

  /**
   * Runs the model once, as `predict` does, and tells what its layers attended to: layer by layer in the order of
   * their first calls, and call by call. The caller disposes all of it.
   *
   * @param inputs one for each input of the model, in its order
   */
  attend(inputs: tf.Tensor | readonly tf.Tensor[]): {
    readonly outputs: tf.Tensor[];
    readonly attention: readonly SeenAttention[];
  } {
    const attention: SeenAttention[] = [];
    const see = (call: Omit<SeenCall, 'masks'>): void => {
      const seen = attentionOf(call);
      if (seen !== undefined) attention.push({ ...seen, weights: tf.keep(seen.weights) });
    };
    const inner = withinLayers(this.graph);
    this.graphLayer.watcher = see;
    for (const { path, layer } of inner) {
      let index = 0;
      layer.onCall = (given, outputs) => see({ path, layer, given, outputs, index: index++ });
    }
    try {
      const given = Array.isArray(inputs) ? (inputs as tf.Tensor[]) : [inputs as tf.Tensor];
      const outputs = [this.graphLayer.call(given)].flat();
      return { outputs, attention: inOrder(attention) };
    } catch (error) {
      tf.dispose(attention.map(({ weights }) => weights));
      throw error;
    } finally {
      this.graphLayer.watcher = undefined;
      for (const { layer } of inner) layer.onCall = undefined;
    }
  }

  override summary(
    lineLength?: number,
    _positions?: number[],
    printFn: (message?: unknown) => void = console.log,
  ): void {
    for (const line of describeModel(this.graph, lineLength)) printFn(line);
  }

  override getConfig(): tf.serialization.ConfigDict {
    // TensorFlow.js changes the case of keys, and of texts too, except of one that is called a name.
    return { name: this.name, topology: { name: JSON.stringify(this.topology) } };
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    _cls: tf.serialization.SerializableConstructor<T>,
    { topology }: tf.serialization.ConfigDict,
  ): T {
    const { name } = objectOf('topology of the model', topology);
    return new KerasModel(readJson('topology of the model', textOf('topology of the model', name))) as unknown as T;
  }
}

/** What was seen layer by layer, and call by call. */
function inOrder(seen: readonly SeenAttention[]): SeenAttention[] {
  const layers = [...new Set(seen.map(({ layer }) => layer))];
  return layers.flatMap((name) => seen.filter(({ layer }) => layer === name).toSorted((a, b) => a.call - b.call));
}

const attendingIn = (graph: Graph): string[] =>
  graph.members.flatMap(({ spec, layer, graph: inner }) => {
    if (inner !== undefined) return attendingIn(inner).map((name) => `${spec.name}/${name}`);
    if (layer === undefined) return [];
    const within = attendingWithin(layer, [spec.name]).map(({ path }) => path.join('/'));
    return attends(layer) ? [spec.name, ...within] : within;
  });

/** Layers within those of a graph that can tell what they attend to. */
const withinLayers = (graph: Graph, path: readonly string[] = []): ReturnType<typeof attendingWithin> =>
  graph.members.flatMap(({ spec, layer, graph: inner }) => {
    const own = [...path, spec.name];
    return inner === undefined ? (layer === undefined ? [] : attendingWithin(layer, own)) : withinLayers(inner, own);
  });

function layerAt(graph: Graph, [name, ...rest]: readonly string[]): layers.Layer | undefined {
  const found = graph.members.find(({ spec }) => spec.name === name);
  if (found?.graph !== undefined) return layerAt(found.graph, rest);
  return rest.length === 0 ? found?.layer : undefined;
}
