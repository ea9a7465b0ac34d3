import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { recipeFor } from './relay.js';

/** Layers of TensorFlow.js on whose outputs there is a mask where there was none. */
const MAKERS: ReadonlySet<string> = new Set(['Embedding', 'Masking']);

const known = new WeakMap<SymbolicTensor, boolean>();

/** Whether a mask may come with a symbol's tensor, as the layers tell that it is made of. */
export function canCarryMask(symbol: SymbolicTensor): boolean {
  // With residual connections there are exponentially many ways back.
  const found = known.get(symbol) ?? isMasked(symbol);
  known.set(symbol, found);
  return found;
}

function isMasked({ sourceLayer, inputs }: SymbolicTensor): boolean {
  if (inputs.length === 0 || !sourceLayer.supportsMasking) return false;
  if (MAKERS.has(sourceLayer.getClassName())) return true;
  if ('makesMask' in sourceLayer && sourceLayer.makesMask === true) return true;
  // A mask by keyword becomes that of the outputs in some layers.
  const names = Object.keys(recipeFor(inputs[0]) ?? {});
  return names.some((name) => /mask$/i.test(name)) || inputs.some(canCarryMask);
}
