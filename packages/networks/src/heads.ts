import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import type { ModelOf } from '@heed/nn';
import type { KnownNetwork } from './networks.js';
import type { AttentionChoice } from './recurrent/config.js';

/** A layer of multi-head attention in a model, by the key of its parameters: 'encoder/0/attention'. */
export interface HeadLayer {
  readonly key: string;
  /** H, number of its heads. */
  readonly heads: number;
}

/** One head of a layer. */
export interface HeadPlace {
  /** Key of the layer. */
  readonly layer: string;
  /** Index of the head, from 0. */
  readonly head: number;
}

const OUTPUT = '/output_kernel';

/** Layers whose heads can be switched off, in the order of the model's parameters. */
export function headLayers({ config, parameters }: Pick<ModelOf<KnownNetwork>, 'config' | 'parameters'>): HeadLayer[] {
  const heads = headsOf(config);
  return Object.keys(parameters)
    .filter((key) => key.endsWith(OUTPUT))
    .map((key) => ({ key: key.slice(0, -OUTPUT.length), heads }))
    .filter(({ key }) => heads > 0 && `${key}/query_kernel` in parameters);
}

type Config = ModelOf<KnownNetwork>['config'];

/** Number of heads of the layers of a model, 0 without any that stand apart. */
function headsOf(config: Config): number {
  if (config.kind === 'transformer') return config.heads;
  if (config.kind === 'recurrent') return headsOfChoice(config.attention);
  if (config.kind !== 'language' || config.architecture !== 'transformer') return 0;
  return config.attention === undefined ? config.heads : headsOfChoice(config.attention);
}

/** Other mechanisms have other rows in their output kernels, and talking heads mix what the heads see before. */
const headsOfChoice = (choice: AttentionChoice): number =>
  choice.kind === 'multiHead' && choice.talkingHeads === undefined ? choice.heads : 0;

/** Key of the layer that an encoder–decoder shows, and copies by, as the mean of its heads. */
function shownLayer(config: Config): string | undefined {
  if (config.kind === 'transformer') return `decoder/${config.decoderLayers - 1}/attention`;
  return config.kind === 'recurrent' ? 'attention' : undefined;
}

/**
 * Switches heads off: their rows of W_o become 0, so that all they give to the rest of the model is 0. Of the layer that an
 * encoder–decoder shows, and copies by, the other heads' mean is what counts; without any, nothing is looked at or copied. To be done before a
 * model computes; the same model with all heads is read from its file again.
 *
 * @throws HeedError INVALID_ARGUMENT for a layer or a head that isn't there
 * @see Michel, Levy & Neubig 2019, arXiv:1905.10650, §2.3
 */
export function switchOffHeads(model: ModelOf<KnownNetwork>, places: readonly HeadPlace[]): void {
  const layers = headLayers(model);
  for (const { layer, head } of places) {
    const heads = layers.find(({ key }) => key === layer)?.heads ?? 0;
    if (!Number.isInteger(head) || head < 0 || head >= heads) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `switchOffHeads: there is no head ${head} in a layer ${JSON.stringify(layer)}`,
        hint:
          layers.length === 0
            ? 'this model has no heads that can be switched off'
            : `layers: ${layers.map((one) => `${one.key} (${one.heads} heads)`).join(', ')}`,
        details: { layer, head },
      });
    }
    if ('headMean' in model && layer === shownLayer(model.config)) model.headMean.leaveOut(head);
    const kernel = model.parameters[`${layer}${OUTPUT}`]!; // [H·Dv, C], head 0 first
    tf.tidy(() => {
      const rows = kernel.shape[0]! / heads;
      const on = Float32Array.from({ length: kernel.shape[0]! }, (_, row) => (Math.floor(row / rows) === head ? 0 : 1));
      kernel.assign(tf.mul(kernel, tf.tensor2d(on, [on.length, 1])));
    });
  }
}
