import * as tf from '@tensorflow/tfjs-core';
import { tidy, toSequences } from '@heed/nn';
import { runStack, type Stack, type StackResult } from '../layers/block.js';
import type { Layer, Rows } from '../layers/layer.js';
import type { Patches } from '../layers/patches.js';
import type { Encoder } from './encoder-decoder.js';
import type { Inputs, Network, RunOptions } from './network.js';
import { readValues } from './values.js';

/** Patches of pictures and blocks on them. */
export interface ImageTower {
  readonly channels: number;
  readonly embed: Patches;
  readonly stack: Stack;
}

export interface SeenImages extends StackResult {
  readonly batch: number;
}

/** States of pictures. */
export function runImages(
  { channels, embed, stack }: ImageTower,
  { pixelValues }: Inputs,
  { attentions, interpolatePosEncoding }: RunOptions,
): SeenImages {
  const pixels = readValues('pixelValues', pixelValues, ['B', channels, 'height', 'width']) as tf.Tensor4D;
  const [batch] = pixels.shape;
  const rows = embed(pixels, interpolatePosEncoding === true);
  return { ...runStack(stack, rows, { batch, positions: [], returnWeights: attentions === true }), batch };
}

/** The vector before those of patches: [B·T, E] → [B, E]. */
export const firstRows = (last: Rows, batch: number): Rows =>
  tf.squeeze(tf.slice(toSequences(last, batch), [0, 0, 0], [-1, 1, -1]), [1]);

/** A network of pictures, which are pooled to their first vectors. */
export function imageNetwork(
  tower: ImageTower,
  { pool, head }: { readonly pool?: Layer | undefined; readonly head?: Layer },
): Network {
  return {
    takes: ['pixelValues'],
    run: (inputs, options) =>
      tidy(() => {
        const { last, hidden, attentions, batch } = runImages(tower, inputs, options);
        const first = firstRows(last, batch);
        return {
          ...(head !== undefined && { logits: head(first) }),
          ...(pool !== undefined && { poolerOutput: pool(first) }),
          lastHiddenState: toSequences(last, batch),
          ...(options.hiddenStates === true && { hiddenStates: hidden.map((rows) => toSequences(rows, batch)) }),
          ...(options.attentions === true && { attentions: [...attentions] }),
        };
      }),
  };
}

/** An encoder of pictures. */
export const imageEncoder = (tower: ImageTower): Encoder => ({
  takes: ['pixelValues'],
  encode: (inputs, attentions) => runImages(tower, inputs, { attentions }),
});
