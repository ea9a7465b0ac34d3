import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import type { Pass } from './pass.js';
import { camelCased } from './config-case.js';
import { carriedMasks, passMasks } from './masks.js';

/** Calls a layer of TensorFlow.js: its input, or list of inputs, first, and everything else by keyword. */
export function callNative(
  layer: layers.Layer,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
  pass: Pass,
): readonly Tensor[] {
  const input = args[0] as Tensor | Tensor[];
  const { mask: said, ...rest } = camelCased(kwargs);
  const mask = (said ?? carriedMasks(input, pass.masks)) as Tensor | null;
  const given = { ...rest, training: pass.training, ...(mask !== null && layer.supportsMasking && { mask }) };
  const outputs = layer.apply(input, given) as Tensor | Tensor[];
  const list = Array.isArray(outputs) ? outputs : [outputs];
  passMasks(layer, input, list, mask, pass.masks);
  return list;
}
