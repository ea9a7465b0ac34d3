import { assignWeights } from './files/assign-weights.js';
import { watchWeights } from './files/watch-weights.js';
import { sizeOfStore } from './files/weight-store.js';
import { readModel, type KerasSource } from './files/read-model.js';
import { KerasModel } from './graph/keras-model.js';
import type { CustomLayers } from './graph/resolve.js';

export interface LoadKerasOptions {
  /** Classes of layers that aren't Keras's own, by the names that the file has for them, or as a list by their `className`. */
  readonly layers?: CustomLayers;
  /** The most bytes that a file, or what is unpacked of it, may have; 2 GiB by default. */
  readonly maxBytes?: number;
}

/**
 * A model that Keras 2, Keras 3 or TensorFlow.js has saved: `.keras`, `.h5`, or a `model.json` with `.weights.h5` or with its shards. It
 * computes on the backend that is in use, in float32 whatever the policy of the file; it predicts, trains and is saved as any model of
 * TensorFlow.js. Code in a file (`Lambda`) is never run.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE with the layer or entry; UNKNOWN_NAME for a layer that isn't known, with how to give it
 */
export function loadKeras(source: KerasSource, { layers = [], maxBytes }: LoadKerasOptions = {}): KerasModel {
  const { topology, weights } = readModel(source, maxBytes);
  return watchWeights(weights && sizeOfStore(weights), () => {
    const model = new KerasModel(topology, layers);
    if (weights !== undefined) assignWeights(model.graph, weights);
    return model;
  });
}
