import type { layers } from '@tensorflow/tfjs-layers';
import type { Json } from '../files/read-json.js';

/** Makes the layer that a configuration holds, by the same rules as any other. */
export type MakeInner = (layer: Json) => layers.Layer;

/** Makes a layer from Keras's configuration, in snake case; `inner` makes those that the configuration holds. */
export type MakeLayer = (config: Json, inner: MakeInner) => layers.Layer;

/** Layers by the names of their classes in Keras. */
export type LayerTable = Readonly<Record<string, MakeLayer>>;

interface LayerClass {
  readonly className: string;
  new (config: Json, inner: MakeInner): layers.Layer;
}

/** Classes that are made from Keras's configuration, by their names. */
export const byClassName = (...classes: readonly LayerClass[]): LayerTable =>
  Object.fromEntries(classes.map((one) => [one.className, (config: Json, inner: MakeInner) => new one(config, inner)]));
