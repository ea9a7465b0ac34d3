import { HeedError, suggestion } from '@heed/base';
import type { Callee } from './callee.js';
import { followRecipe } from './recipe.js';
import { recipeFor } from './relay.js';
import { isTensor, type Leaf } from './tree.js';

/** A call read: its arguments by their names. */
export interface Call {
  readonly given: Readonly<Record<string, unknown>>;
  /** Whether a graph's relay told how to read it. */
  readonly fromRelay: boolean;
}

/**
 * Arguments of a call by their names. TensorFlow.js's executor calls with a list of tensors, with `training`, and with the mask of whichever
 * node had one last, which isn't an argument; it never passes on what a node was called with.
 *
 * @throws HeedError UNKNOWN_OPTION, INVALID_ARGUMENT
 */
export function readCall(
  layer: Callee,
  inputs: Leaf | readonly Leaf[],
  kwargs: Readonly<Record<string, unknown>>,
): Call {
  const tensors = Array.isArray(inputs) ? (inputs as readonly Leaf[]) : [inputs as Leaf];
  const { training, ...others } = kwargs;
  const mode = training === undefined || !layer.argumentNames.includes('training') ? {} : { training };
  const recipe = recipeFor(tensors[0]);
  if (recipe !== undefined) return { given: present({ ...mode, ...followRecipe(recipe, tensors) }), fromRelay: true };

  const stray = Array.isArray(inputs) && isTensor(others['mask']) && layer.inboundNodes.length > 0;
  const keywords = stray ? { ...others, mask: undefined } : others;
  const byPosition = layer.byPosition(tensors, Object.keys(present(keywords)));
  for (const name of Object.keys(present(keywords))) {
    if (!layer.argumentNames.includes(name)) {
      throw new HeedError('UNKNOWN_OPTION', {
        message: `${layer.name}: there is no argument ${name}`,
        hint: suggestion(name, layer.argumentNames, 'the arguments are'),
      });
    }
    if (byPosition[name] !== undefined) {
      throw new HeedError('INVALID_ARGUMENT', { message: `${layer.name}: ${name} is given by position and by name` });
    }
  }
  return { given: present({ ...mode, ...byPosition, ...keywords }), fromRelay: false };
}

/** Tensors one after the other as the arguments of these names. */
export function inOrder<T>(layer: Callee, tensors: readonly T[]): Readonly<Record<string, T>> {
  if (tensors.length > layer.argumentNames.length) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${layer.name}: ${tensors.length} tensors for the arguments ${layer.argumentNames.join(', ')}`,
    });
  }
  return Object.fromEntries(tensors.map((tensor, n) => [layer.argumentNames[n], tensor]));
}

/** What was given: null is how Keras writes that an argument wasn't. */
function present(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null));
}
