import { checkOptions, type OptionNames } from '@heed/base';
import type { LayerArgs } from './keras-layer.js';

const OF_EVERY_LAYER: OptionNames<LayerArgs> = {
  name: true,
  trainable: true,
  dtype: true,
  inputShape: true,
  batchInputShape: true,
  batchSize: true,
  inputDType: true,
  weights: true,
};

/** Refuses arguments that neither this layer nor every layer has. @throws HeedError UNKNOWN_OPTION, INVALID_ARGUMENT */
export function checkLayerArgs<Args extends LayerArgs>(
  what: string,
  args: Args,
  own: OptionNames<Omit<Args, keyof LayerArgs>>,
): void {
  // `customObjects` is TensorFlow.js's own, when it loads. Null is how Keras and saved models write that an argument wasn't given.
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
  checkOptions<object>(what, given, { ...OF_EVERY_LAYER, ...own, customObjects: true });
}
