import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Callee } from './callee.js';
import { canCarryMask } from './can-carry.js';
import { writeRecipe } from './recipe.js';
import { isRelayed, relayed } from './relay.js';
import { isSymbol, leavesOf, mapArguments } from './tree.js';

/** A call as the node of a graph. */
export interface Connection {
  /** Symbols, each of them once: TensorFlow.js frees too early what a node takes twice. */
  readonly inputs: readonly SymbolicTensor[];
  readonly given: Readonly<Record<string, unknown>>;
}

/** Makes the symbols of a call inputs of a node, behind relays where the graph wouldn't tell the layer all of the call. */
export function connect(layer: Callee, given: Readonly<Record<string, unknown>>): Connection {
  const symbols = [...new Set(leavesOf(Object.values(given)).filter(isSymbol))];
  const recipe = writeRecipe(given, symbols);
  const untold = JSON.stringify(recipe) !== JSON.stringify(writeRecipe(layer.byPosition(symbols), symbols));
  const asked = new Set<unknown>();
  layer.fillMasks(given, (leaf) => {
    asked.add(leaf);
    return null;
  });
  const inputs = symbols.map((symbol, n) => {
    const told = n === 0 && untold ? recipe : undefined;
    return told !== undefined || (asked.has(symbol) && !isRelayed(symbol) && canCarryMask(symbol))
      ? relayed(symbol, told)
      : symbol;
  });
  return {
    inputs,
    given: mapArguments(given, (leaf) => (isSymbol(leaf) ? inputs[symbols.indexOf(leaf)] : leaf)),
  };
}

/** Keyword arguments of a node: none. TensorFlow.js writes a mask into them that would stay for good, so it has to slip off. */
export function noKeywords(): Readonly<Record<string, unknown>> {
  return Object.defineProperty({}, 'mask', { get: () => undefined, set: () => {}, enumerable: false });
}
