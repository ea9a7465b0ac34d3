import * as tf from '@tensorflow/tfjs-core';
import { tidy, toSequences } from '@heed/nn';
import type { Layer, Rows } from '../layers/layer.js';
import type { Parameter } from '../parameters.js';
import { firstRows, runImages, type ImageTower } from './image-tower.js';
import type { Network } from './network.js';
import { presentOf, readTokens } from './tokens.js';
import { runTower, type Pool, type Tower } from './tower.js';

interface ImageTextParts {
  readonly text: Tower & { readonly pool: Pool };
  readonly textProjection: Layer;
  readonly image: ImageTower;
  /** Norm of the first vector of a picture. */
  readonly imageNorm: Layer;
  readonly imageProjection: Layer;
  /** Logarithm of the factor of cosines, []. */
  readonly scale: Parameter;
}

/** Texts and pictures as vectors of one space, and how alike each pair of them is. */
export function imageTextNetwork(parts: ImageTextParts): Network {
  const { text, textProjection, image, imageNorm, imageProjection, scale } = parts;
  return {
    takes: ['inputIds', 'attentionMask', 'positionIds', 'pixelValues'],
    run(inputs, options) {
      const { inputIds: ids, attentionMask, positionIds: positions } = inputs;
      const tokens = readTokens('inputIds', { ids, mask: attentionMask, positions }, text);
      return tidy(() => {
        const { batch, mask } = tokens;
        const returnWeights = options.attentions === true;
        const texts = runTower(text, tokens, { present: presentOf(mask, batch), returnWeights });
        const images = runImages(image, inputs, options);
        const textPoolerOutput = textProjection(text.pool(texts.last, tokens));
        const imagePoolerOutput = imageProjection(imageNorm(firstRows(images.last, images.batch)));
        const [textEmbeds, imageEmbeds] = [unit(textPoolerOutput), unit(imagePoolerOutput)];
        const logitsPerText: Rows = tf.mul(tf.matMul(textEmbeds, imageEmbeds, false, true), tf.exp(scale.tensor()));
        const sequences = (rows: readonly Rows[], count: number): tf.Tensor3D[] =>
          rows.map((x) => toSequences(x, count));
        return {
          logitsPerText,
          logitsPerImage: tf.transpose(logitsPerText),
          textEmbeds,
          imageEmbeds,
          textPoolerOutput,
          imagePoolerOutput,
          textLastHiddenState: toSequences(texts.last, batch),
          imageLastHiddenState: toSequences(images.last, images.batch),
          ...(options.hiddenStates === true && {
            textHiddenStates: sequences(texts.hidden, batch),
            imageHiddenStates: sequences(images.hidden, images.batch),
          }),
          ...(returnWeights && { textAttentions: [...texts.attentions], imageAttentions: [...images.attentions] }),
        };
      });
    },
  };
}

/** Rows of length 1. */
const unit = (x: Rows): Rows => tf.div(x, tf.norm(x, 2, 1, true));
