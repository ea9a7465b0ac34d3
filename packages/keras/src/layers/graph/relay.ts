import * as tf from '@tensorflow/tfjs-core';
import { serialization, type Tensor } from '@tensorflow/tfjs-core';
import { layers, type Shape, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Recipe } from './recipe.js';
import { isLeaf, isSymbol } from './tree.js';

/** What a relay knows of a tensor or shape that went through it. */
interface Carried {
  readonly recipe: Recipe | undefined;
  readonly mask: Tensor | null;
}

const carried = new WeakMap<object, Carried>();

/** Mask that a tensor carries: the one that a relay saw on it, or the one that TensorFlow.js left on it; null without. */
export function maskOn(tensor: object): Tensor | null {
  return carried.get(tensor)?.mask ?? (tensor as { kerasMask?: Tensor | null }).kerasMask ?? null;
}

/** How the call is to be read that begins with this tensor, symbol or shape, where a relay tells it. */
export function recipeFor(first: unknown): Recipe | undefined {
  if (isSymbol(first)) return first.sourceLayer instanceof Relay ? first.sourceLayer.recipe : undefined;
  return typeof first === 'object' && first !== null ? carried.get(first)?.recipe : undefined;
}

export const isRelayed = ({ sourceLayer }: SymbolicTensor): boolean => sourceLayer instanceof Relay;

/** A symbol behind a relay. */
export function relayed(symbol: SymbolicTensor, recipe?: Recipe): SymbolicTensor {
  return new Relay({ recipe }).apply(symbol) as SymbolicTensor;
}

type RelayArgs = ConstructorParameters<typeof layers.Layer>[0] & { readonly recipe?: Recipe };

/**
 * Passes a tensor on to a Keras layer, with what TensorFlow.js's graphs don't tell the layer: the mask on the tensor, and, before the first
 * tensor of a call, which arguments the tensors are and what the others were. See docs/decisions/071.
 */
export class Relay extends layers.Layer {
  static readonly className = 'KerasCallRelay';
  override supportsMasking = true;
  readonly recipe: Recipe | undefined;
  private readonly passed = new WeakMap<object, Tensor>();

  constructor({ recipe, ...args }: RelayArgs = {}) {
    super(args);
    serialization.registerClass(Relay);
    this.recipe = recipe ?? undefined;
  }

  override apply(inputs: Tensor | Tensor[] | SymbolicTensor | SymbolicTensor[], kwargs?: { training?: boolean }) {
    const output = super.apply(inputs, kwargs);
    // TensorFlow.js takes every symbol for float32 and would cast whole numbers and bools; a cast tensor is one that nothing is known of.
    const [first] = [inputs].flat();
    if (isSymbol(output) && isLeaf(first)) Object.defineProperty(output, 'dtype', { value: first.dtype });
    return output;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const output = tf.clone([inputs].flat()[0]);
    carried.set(output, { recipe: this.recipe, mask: null });
    this.passed.set(inputs, output);
    return output;
  }

  override computeMask(inputs: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor {
    const [first = null] = [mask ?? null].flat();
    const output = this.passed.get(inputs);
    const own = first === null || output === undefined ? first : fitted(first, output);
    if (output !== undefined) carried.set(output, { recipe: this.recipe, mask: own });
    return own as Tensor; // TensorFlow.js's types know no null here, and its code expects it
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    const own = [...((Array.isArray(shape[0]) ? shape[0] : shape) as Shape)];
    carried.set(own, { recipe: this.recipe, mask: null });
    return own;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), recipe: this.recipe ?? null };
  }
}

/** A mask of a tensor [B, T, ...] as [B, T]: each merging layer of TensorFlow.js puts an axis of 1 before it. */
function fitted(mask: Tensor, { shape }: Tensor): Tensor {
  const fits = (axes: readonly number[]): boolean => axes.every((length, axis) => length === shape[axis]);
  const leading = mask.shape.findIndex(
    (_, n) => fits(mask.shape.slice(n)) && mask.shape.slice(0, n).every((one) => one === 1),
  );
  return leading <= 0 ? mask : tf.reshape(mask, mask.shape.slice(leading));
}
