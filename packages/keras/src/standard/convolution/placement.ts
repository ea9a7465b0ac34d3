import type { LayerConfig } from '../layer-config.js';
import type { Placement } from './windows.js';

/** How a layer's kernel is put on its inputs; numbers of axes of space one or two. */
export interface Spacing {
  /** Length of the kernel on each axis. */
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: 'valid' | 'same' | 'causal';
}

/** Reads what all convolutions have; those of sequences can be causal. */
export function spacingOf(config: LayerConfig, axes: 1 | 2): Spacing {
  const paddings = axes === 1 ? (['valid', 'same', 'causal'] as const) : (['valid', 'same'] as const);
  return {
    size: config.perAxis('kernel_size', axes),
    strides: config.perAxis('strides', axes, 1),
    dilations: config.perAxis('dilation_rate', axes, 1),
    padding: config.choice<Spacing['padding']>('padding', paddings, 'valid'),
  };
}

/** The placement on images of a height and width; a sequence is an image one high. */
export function placementOf({ size, strides, dilations, padding }: Spacing, lengths: readonly number[]): Placement {
  const amounts = size.map((length, axis): readonly [number, number] => {
    const reach = (length - 1) * dilations[axis];
    if (padding === 'valid') return [0, 0];
    if (padding === 'causal') return [reach, 0];
    const outputs = Math.ceil(lengths[axis] / strides[axis]);
    const missing = Math.max((outputs - 1) * strides[axis] + reach + 1 - lengths[axis], 0);
    return [Math.floor(missing / 2), Math.ceil(missing / 2)];
  });
  return { strides: asPair(strides, 1), dilations: asPair(dilations, 1), padding: asPair(amounts, [0, 0]) };
}

/** Values for both axes of an image, of a sequence with one for its height. */
export const asPair = <Value>(values: readonly Value[], ofHeight: Value): [Value, Value] =>
  values.length === 1 ? [ofHeight, values[0]] : [values[0], values[1]];
