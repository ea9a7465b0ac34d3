import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import type { ModelOf } from '@heed/nn';
import type { EncoderDecoder } from './encoder-decoder.js';
import type { KnownNetwork } from './networks.js';
import type { AttentionChoice } from './recurrent/config.js';

/** A layer of multi-head attention in a model, by the key of its parameters: 'encoder/0/attention'. */
export interface HeadLayer {
  readonly key: string;
  /** H, number of its heads. */
  readonly heads: number;
  /** Whether the mean of its heads is what the model shows, and copies by: one of them has to stay. */
  readonly isShown: boolean;
}

/** One head of a layer. */
export interface HeadPlace {
  /** Key of the layer. */
  readonly layer: string;
  /** Index of the head, from 0. */
  readonly head: number;
}

const OUTPUT = '/output_kernel';

/** What is asked of a model about its heads. */
type Headed = Pick<ModelOf<KnownNetwork>, 'config' | 'parameters'> & Partial<Pick<EncoderDecoder, 'shownHeads'>>;

/**
 * Layers whose heads can be switched off, in the order of the model's parameters: all of transformers, and multi-head attention of recurrent
 * encoder–decoders.
 */
export function headLayers({ config, parameters }: Headed): HeadLayer[] {
  const { heads, shown } = headsOf(config);
  return Object.keys(parameters)
    .filter((key) => key.endsWith(OUTPUT))
    .map((key) => key.slice(0, -OUTPUT.length))
    .filter((key) => heads > 0 && `${key}/query_kernel` in parameters)
    .map((key) => ({ key, heads, isShown: key === shown }));
}

/** Number of heads of the layers of a model, 0 without any; and the key of the layer that is shown as a mean. */
function headsOf(config: ModelOf<KnownNetwork>['config']): { readonly heads: number; readonly shown?: string } {
  switch (config.kind) {
    case 'transformer':
      return { heads: config.heads, shown: `decoder/${config.decoderLayers - 1}/attention` };
    case 'recurrent':
      return { heads: headsOfChoice(config.attention), shown: 'attention' };
    case 'language':
      if (config.architecture !== 'transformer') return { heads: 0 };
      return { heads: config.attention === undefined ? config.heads : headsOfChoice(config.attention) };
    default:
      return { heads: 0 };
  }
}

/** Other mechanisms have other rows in their output kernels, and talking heads mix what the heads see before. */
const headsOfChoice = (choice: AttentionChoice): number =>
  choice.kind === 'multiHead' && choice.talkingHeads === undefined ? choice.heads : 0;

/**
 * Switches heads off: their rows of W_o become 0, so that all they give to the rest of the model is 0, and what is shown of a layer, and copied by, is
 * the mean of its other heads. To be done before a model computes; the same model with all heads is read from its file again.
 *
 * @throws HeedError INVALID_ARGUMENT for a layer or a head that isn't there, or for all heads of the layer that is shown
 * @see Michel, Levy & Neubig 2019, arXiv:1905.10650, §2.3
 */
export function switchOffHeads(model: Headed, places: readonly HeadPlace[]): void {
  const layers = headLayers(model);
  for (const place of places) assertHead(layers, place);
  const shown = layers.find(({ isShown }) => isShown);
  const ofShown = places.filter(({ layer }) => layer === shown?.key).map(({ head }) => head);
  if (shown !== undefined && new Set([...(model.shownHeads?.off ?? []), ...ofShown]).size === shown.heads) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `switchOffHeads: of the layer ${JSON.stringify(shown.key)} no head would be left`,
      hint: 'the mean of its heads is what the model shows, and copies by: leave one on',
      details: { layer: shown.key, heads: shown.heads },
    });
  }
  for (const head of ofShown) model.shownHeads?.switchOff(head);
  for (const { layer, head } of places) {
    const { heads } = layers.find(({ key }) => key === layer)!;
    const kernel = model.parameters[`${layer}${OUTPUT}`]!; // [H·Dv, C], head 0 first
    tf.tidy(() => {
      const rows = kernel.shape[0]! / heads;
      const on = Float32Array.from({ length: kernel.shape[0]! }, (_, row) => (Math.floor(row / rows) === head ? 0 : 1));
      kernel.assign(tf.mul(kernel, tf.tensor2d(on, [on.length, 1])));
    });
  }
}

function assertHead(layers: readonly HeadLayer[], { layer, head }: HeadPlace): void {
  const heads = layers.find(({ key }) => key === layer)?.heads ?? 0;
  if (Number.isInteger(head) && head >= 0 && head < heads) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `switchOffHeads: there is no head ${head} in a layer ${JSON.stringify(layer)}`,
    hint:
      layers.length === 0
        ? 'this model has no heads that can be switched off'
        : `layers: ${layers.map((one) => `${one.key} (${one.heads} heads)`).join(', ')}`,
    details: { layer, head },
  });
}
