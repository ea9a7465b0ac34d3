import * as tf from '@tensorflow/tfjs-core';
import { serialization, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { input, layers, type LayerVariable, type Shape, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { connect, noKeywords } from './graph/connect.js';
import { masksOn, withMasksOn, type MaskOf } from './graph/masks-filled.js';
import { inOrder, readCall, type Call } from './graph/read-call.js';
import { followRecipe } from './graph/recipe.js';
import { maskOn, recipeFor } from './graph/relay.js';
import { isSymbol, leavesOf, mapArguments } from './graph/tree.js';

/** Arguments of one call by their names: tensors, lists of tensors, flags and numbers. What was not given is absent. */
export type CallArguments = Readonly<Record<string, unknown>>;

/** A mask, bool [B, T], or null where there is none. */
export type KerasMask = Tensor | null;

/** What a layer is called with: tensors, or symbols of them. */
export type KerasInput = Tensor | SymbolicTensor;

/** Shapes of a call's tensors by their arguments; of an argument that is a list, a list of shapes. */
export type CallShapes = Readonly<Record<string, Shape | Shape[]>>;

/** Arguments that every layer of TensorFlow.js takes: `name`, `trainable`, `inputShape`, `dtype`, … */
export type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/**
 * A layer with Keras's manner of calling: arguments that have names and an order, some of them tensors, some of them masks. It is a layer of
 * TensorFlow.js too, symbolic and eager; `run` is all that a layer has to say about what it computes.
 *
 * Masks are arguments like others. Whoever runs a graph fills them in as Keras 3 does, by `fillMasks`: with one tensor argument, `mask` from the
 * mask that its tensor carries; with several, `${name}Mask` for each; wherever the layer has an argument of that name and the caller gave
 * none. In TensorFlow.js's own graphs the layer does it itself (docs/decisions/071).
 *
 * A class that is to be saved has a static `className`, and a `getConfig` from which its constructor makes it again. TensorFlow.js knows it from
 * when the first one is made; a program that loads before calls `tf.serialization.registerClass`.
 */
export abstract class KerasLayer extends layers.Layer {
  /** Names of the arguments of Keras's `call` in its order, in camel case: `['query', 'value', 'key', 'queryMask', …]`. */
  abstract readonly argumentNames: readonly string[];

  /** Whether outputs may carry a mask though no input does, as those of an embedding with `maskZero`. */
  readonly makesMask: boolean = false;

  /** Whether its tensors carry their masks no longer once it has run on them, as after Keras's `MultiHeadAttention`. */
  readonly takesMasksOff: boolean = false;

  /** Called with what each call was given and gave, while its tensors live; not when something runs the layer by `run`. */
  onCall: ((given: CallArguments, outputs: readonly Tensor[]) => void) | undefined;

  /** Layers that this one is made of, by the names of their attributes in Keras, in the order of making. */
  readonly sublayers: ReadonlyMap<string, layers.Layer>;

  readonly #tracked = new Map<string, layers.Layer>();

  /** The call through which `apply` leads TensorFlow.js. */
  #current: Call | undefined;

  /** Calls by their inputs, for which TensorFlow.js asks the mask afterwards. */
  readonly #calls = new WeakMap<object, { readonly given: CallArguments; readonly outputs: number }>();

  constructor(args: LayerArgs = {}) {
    super(args);
    // By its class name a saved model finds the class again; to load one where no such layer was made yet there is `registerKerasLayers`.
    if (Object.hasOwn(new.target, 'className')) {
      serialization.registerClass(this.constructor as serialization.SerializableConstructor<this>);
    }
    this.sublayers = this.#tracked;
    // TensorFlow.js asks by all inputs of a node, in the order of the graph; a layer answers by its first argument.
    const answer = this.computeMask.bind(this);
    this.computeMask = (inputs, masks) => this.#maskOfNode(inputs, masks, answer);
  }

  /** What the layer computes: a tensor, or several in the order of Keras's outputs. Called within `tf.tidy`. */
  abstract run(given: CallArguments): Tensor | Tensor[];

  /** Makes the weights, in Keras's order, for tensors of these shapes by argument; null is an axis of any length. */
  abstract buildFor(shapes: CallShapes): void;

  /** Shapes of the outputs; `given` holds the shapes of tensors in their places, and what isn't a tensor as it is. */
  abstract outputShapes(given: CallArguments): Shape | Shape[];

  /** Mask that the outputs carry, for the first argument and the mask that it carries; the same mask by default, where masks are supported. */
  override computeMask(_first: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor | Tensor[] {
    return (this.supportsMasking ? (mask ?? null) : null) as Tensor;
  }

  /** The arguments that tensors without names are, beside others that have names: by default one after the other. */
  byPosition<T>(tensors: readonly T[], _named?: readonly string[]): Readonly<Record<string, T | readonly T[]>> {
    return inOrder(this, tensors);
  }

  /** A call with the masks that its tensors carry, where the layer takes one and none was given: what `run` is called with. */
  fillMasks(given: CallArguments, maskOf: MaskOf): CallArguments {
    return withMasksOn(this.argumentNames, given, maskOf);
  }

  /**
   * Makes another layer a part of this one: its weights and losses belong to this one, after those that are here already. Call it in the
   * constructor, and `buildSublayer` in `buildFor`.
   *
   * @param attribute that holds it in Keras, where its weights are found in Keras's files
   * @param name the sublayer's own, of which the names of its weights begin; the attribute's by default
   */
  protected track<L extends layers.Layer>(attribute: string, sublayer: L, name = attribute): L {
    sublayer.name = name;
    this.#tracked.set(attribute, sublayer);
    return sublayer;
  }

  /** Makes the weights of a sublayer, for inputs of these shapes by position, and returns the shapes of its outputs. */
  protected buildSublayer(sublayer: layers.Layer, ...shapes: Shape[]): Shape {
    // Only `apply` names the weights after the layer, so that those of two sublayers differ.
    const symbols = shapes.map((batchShape) => input({ batchShape }));
    const [output] = [sublayer.apply(symbols.length === 1 ? symbols[0] : symbols)].flat() as SymbolicTensor[];
    return output.shape;
  }

  /**
   * Calls the layer on tensors, or connects it to symbols.
   *
   * @param inputs tensors or symbols by position. Of a layer that is part of a graph too, a single tensor with a `mask` is given as it is, not
   *   in a list: TensorFlow.js calls with lists, and with masks of other layers
   * @param kwargs the other arguments by their names, tensors and symbols among them
   * @throws HeedError UNKNOWN_OPTION, INVALID_ARGUMENT
   */
  override apply(
    inputs: KerasInput | KerasInput[],
    kwargs: CallArguments = {},
  ): Tensor | Tensor[] | SymbolicTensor | SymbolicTensor[] {
    const call = readCall(this, inputs, kwargs);
    const leaves = leavesOf(Object.values(call.given)) as readonly KerasInput[];
    if (leaves.some(isSymbol)) {
      if (call.fromRelay) return this.#led(call, () => super.apply(inputs as SymbolicTensor[], noKeywords()));
      const node = connect(this, call.given);
      const symbols = node.inputs.length === 1 ? node.inputs[0] : [...node.inputs];
      return this.#led({ ...call, given: node.given }, () => super.apply(symbols, noKeywords()));
    }
    const flat = Array.isArray(inputs) || leaves.length === 1 ? inputs : leaves;
    return this.#led(call, () => super.apply(flat as Tensor[], {}));
  }

  override call(inputs: Tensor | Tensor[], kwargs: CallArguments = {}): Tensor | Tensor[] {
    const { given } = this.#current ?? readCall(this, inputs, this.#known(kwargs));
    const outputs = tf.tidy(() => {
      const filled = this.fillMasks(given, maskOn);
      const found = this.run(filled);
      this.onCall?.(filled, [found].flat());
      return found;
    });
    // A part of this layer may have left a mask on its output, which ended with the tidy.
    for (const output of [outputs].flat()) if (maskOn(output)?.isDisposed) Object.assign(output, { kerasMask: null });
    this.#calls.set(inputs, { given, outputs: Array.isArray(outputs) ? outputs.length : 1 });
    return outputs;
  }

  override build(shapes: Shape | Shape[]): void {
    const given = this.#current?.given ?? this.#byShapes(shapes);
    const withTensors = Object.entries(given).filter(([, value]) => leavesOf(value).length > 0);
    this.buildFor(shapesOf(Object.fromEntries(withTensors)) as CallShapes);
    this.built = true;
  }

  override computeOutputShape(shapes: Shape | Shape[]): Shape | Shape[] {
    return this.outputShapes(shapesOf(this.#current?.given ?? this.#byShapes(shapes)));
  }

  override get trainableWeights(): LayerVariable[] {
    return this.trainable ? [...super.trainableWeights, ...this.#ofSublayers((layer) => layer.trainableWeights)] : [];
  }

  override set trainableWeights(weights: LayerVariable[]) {
    super.trainableWeights = weights;
  }

  override get nonTrainableWeights(): LayerVariable[] {
    const all = (layer: layers.Layer): LayerVariable[] => (this.trainable ? layer.nonTrainableWeights : layer.weights);
    return [...super.nonTrainableWeights, ...this.#ofSublayers(all)];
  }

  override set nonTrainableWeights(weights: LayerVariable[]) {
    super.nonTrainableWeights = weights;
  }

  override calculateLosses(): Scalar[] {
    return [...super.calculateLosses(), ...this.#ofSublayers((layer) => layer.calculateLosses())];
  }

  #ofSublayers<T>(take: (layer: layers.Layer) => T[]): T[] {
    return [...this.#tracked.values()].flatMap(take);
  }

  #led<T>(call: Call, body: () => T): T {
    const before = this.#current;
    this.#current = call;
    try {
      return body();
    } finally {
      this.#current = before;
    }
  }

  /** A call of which only the shapes are known. */
  #byShapes(shapes: Shape | Shape[]): CallArguments {
    const list = (Array.isArray(shapes[0]) ? shapes : [shapes]) as Shape[];
    const stands = list.map((shape) => ({ shape }));
    const recipe = recipeFor(list[0]);
    return recipe === undefined ? this.byPosition(stands) : followRecipe(recipe, stands);
  }

  /** Keyword arguments that are this layer's, among those that TensorFlow.js hands to every layer. */
  #known(kwargs: CallArguments): CallArguments {
    return Object.fromEntries(Object.entries(kwargs).filter(([name]) => this.argumentNames.includes(name)));
  }

  #maskOfNode(
    inputs: Tensor | Tensor[],
    masks: Tensor | Tensor[] | undefined,
    answer: KerasLayer['computeMask'],
  ): Tensor | Tensor[] {
    const call = this.#calls.get(inputs);
    if (call === undefined) return answer(inputs, masks);
    const [tensors, theirs] = [[inputs].flat(), [masks ?? null].flat()];
    const first = call.given[this.argumentNames[0]] as Tensor | Tensor[];
    const carried = masksOn(first, (tensor) => theirs[tensors.indexOf(tensor as Tensor)] ?? maskOn(tensor));
    const answered = answer(first, (call.given['mask'] ?? carried) as Tensor | undefined);
    const [mask = null] = [answered].flat();
    // TensorFlow.js frees the mask on a tensor with the tensor, and the masks of a graph at its end: others' masks are copied.
    const others = [...leavesOf(Object.values(call.given)), ...leavesOf(carried), ...theirs];
    const own = mask !== null && others.includes(mask) ? tf.clone(mask) : mask;
    const list = [own, ...Array.from({ length: call.outputs - 1 }, () => null)];
    return (call.outputs === 1 ? own : list) as Tensor; // its types know no null here, and its code expects it
  }
}

/** Arguments with shapes in place of tensors. */
function shapesOf(given: CallArguments): CallArguments {
  return mapArguments(given, ({ shape }) => shape);
}
