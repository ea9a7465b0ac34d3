import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { KerasLayer, type CallArguments } from '../layers/keras-layer.js';
import type { SeenCall } from './pass.js';

/**
 * A layer that tells what it attended to, besides those that take `returnAttentionScores`: for a class of one's own that computes attention.
 */
export interface ShowsAttention {
  /** Weights [B, Tq, Tk] or [B, H, Tq, Tk] of a call, by what it was given and what came out. */
  attentionWeights(given: CallArguments, outputs: readonly Tensor[]): Tensor;
}

/** What one call of a layer attended to. */
export interface SeenAttention {
  /** Name of the layer, after those of the models around it. */
  readonly layer: string;
  /** Number of the call among those of its layer. */
  readonly call: number;
  /** [B, H, Tq, Tk], with one head where the layer has none; of attention over several axes the axes of queries and keys as they are. */
  readonly weights: Tensor;
}

const ASKS = 'returnAttentionScores';

/** Whether a layer can tell what it attends to. */
export const attends = (layer: layers.Layer): boolean =>
  'attentionWeights' in layer || (layer instanceof KerasLayer && layer.argumentNames.includes(ASKS));

/** A layer that can tell, within another one, with the names on the way. */
interface Attending {
  readonly path: readonly string[];
  readonly layer: KerasLayer;
}

/** The layers that a layer is made of, at any depth, that can tell what they attend to. */
export function attendingWithin(layer: layers.Layer, path: readonly string[]): Attending[] {
  if (!(layer instanceof KerasLayer)) return [];
  const found: Attending[] = [];
  for (const [name, inner] of layer.sublayers) {
    const own = [...path, name];
    if (attends(inner) && inner instanceof KerasLayer) found.push({ path: own, layer: inner });
    found.push(...attendingWithin(inner, own));
  }
  return found;
}

/**
 * What a call attended to; undefined for a layer that doesn't attend. A layer that wasn't asked is asked a second time, so that what
 * the model computes stays what it is: Keras has two ways to compute, and they differ for rows without any key.
 */
export function attentionOf({
  layer,
  path,
  index,
  given,
  outputs,
}: Omit<SeenCall, 'masks'>): SeenAttention | undefined {
  if (!attends(layer)) return undefined;
  const weights = tf.tidy(() => {
    const found = weightsOf(layer as KerasLayer, given, outputs);
    return found.rank === 3 ? tf.expandDims(found, 1) : tf.clone(found);
  });
  return { layer: path.join('/'), call: index, weights };
}

function weightsOf(
  layer: KerasLayer & Partial<ShowsAttention>,
  given: CallArguments,
  outputs: readonly Tensor[],
): Tensor {
  if (layer.attentionWeights !== undefined) return layer.attentionWeights(given, outputs);
  if (given[ASKS] === true) return outputs[1]!;
  return (layer.run({ ...given, [ASKS]: true }) as Tensor[])[1]!;
}
