import { HeedError, show } from '@heed/base';
import type { Tensor } from '@tensorflow/tfjs-core';
import { camel } from '../config-case.js';
import type { Given } from '../operation-arguments.js';
import { ALIASES, DEFAULTS, OF_TENSORFLOW } from '../tensorflow-names.js';
import { activations } from './activations.js';
import { arithmetic } from './arithmetic.js';
import { comparisons } from './comparisons.js';
import { elements } from './elements.js';
import { normalizations } from './normalizations.js';
import type { Operation, Operations } from './operation.js';
import { orders } from './orders.js';
import { products } from './products.js';
import { reductions } from './reductions.js';
import { shapes } from './shapes.js';
import { tensors } from './tensors.js';
import { windows } from './windows.js';

/** Ops that Keras's files have as nodes, by the names of their classes in `keras.src.ops`. */
const OPERATIONS: Operations = {
  ...arithmetic,
  ...comparisons,
  ...activations,
  ...reductions,
  ...orders,
  ...normalizations,
  ...products,
  ...windows,
  ...shapes,
  ...elements,
  ...tensors,
};

/** Names of all ops that can be run, for documents and errors. */
export const operationNames = (): readonly string[] => Object.keys(OPERATIONS).toSorted();

/** What runs an op on arguments by position and by name; undefined for one that isn't known. */
export function findOperation(
  name: string,
): ((args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => Tensor | Tensor[]) | undefined {
  const own = Object.hasOwn(OF_TENSORFLOW, name) ? OF_TENSORFLOW[name]! : name;
  if (!Object.hasOwn(OPERATIONS, own)) return undefined;
  const known = OPERATIONS[own]!;
  return (args, kwargs) => {
    const named = Object.fromEntries(
      Object.entries(kwargs).map(([key, value]) => {
        const argument = camel(key);
        return [known.names.includes(argument) ? argument : (ALIASES[argument] ?? argument), value];
      }),
    );
    refuseUnknown(own, known, named);
    // What is given by name isn't given by position: files have an einsum's subscripts apart from its tensors.
    const free = known.names.filter((argument) => !Object.hasOwn(named, argument));
    const byPosition = Object.fromEntries(free.slice(0, args.length).map((argument, n) => [argument, args[n]]));
    return known.run({ ...DEFAULTS[name], rest: args.slice(free.length), ...byPosition, ...named });
  };
}

/** Arguments that change no number: names, types of results that are computed in float32, and how things are stored. */
const MEANINGLESS: ReadonlySet<string> = new Set([
  'name',
  'dtype',
  'outType',
  'outputType',
  'sparse',
  'flashAttention',
]);

/** @throws HeedError INVALID_ARGUMENT for an argument that would change what is computed */
function refuseUnknown(operation: string, { names, fixed = {} }: Operation, named: Given): void {
  for (const [argument, value] of Object.entries(named)) {
    const isKnown = names.includes(argument) || MEANINGLESS.has(argument) || fixed[argument] === value;
    if (isKnown || value === null || value === undefined || value === false) continue;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `the op ${operation} has ${argument} ${show(value)}, which isn't supported`,
      hint: 'write it as a layer of your own in the model, or say in an issue that it is missing',
      details: { operation, argument },
    });
  }
}
