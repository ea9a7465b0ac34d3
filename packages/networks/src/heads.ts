import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import type { ModelOf } from '@heed/nn';
import type { KnownNetwork } from './networks.js';

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

/**
 * Layers whose heads can be switched off, in the order of the model's parameters.
 *
 * The layer that an encoder–decoder shows, and copies by, isn't among them: that is by the mean of its heads' weights, in which a
 * head that adds nothing to the context still counts.
 */
export function headLayers({ config, parameters }: Pick<ModelOf<KnownNetwork>, 'config' | 'parameters'>): HeadLayer[] {
  const { heads, shown } = headsOf(config);
  return Object.keys(parameters)
    .filter((key) => key.endsWith(OUTPUT))
    .map((key) => ({ key: key.slice(0, -OUTPUT.length), heads }))
    .filter(({ key }) => heads > 0 && key !== shown && `${key}/query_kernel` in parameters);
}

/** Number of heads of the layers of a model, 0 without any; and the key of the layer that is shown as a mean. */
function headsOf(config: ModelOf<KnownNetwork>['config']): { readonly heads: number; readonly shown?: string } {
  if (config.kind === 'transformer')
    return { heads: config.heads, shown: `decoder/${config.decoderLayers - 1}/attention` };
  // Other mechanisms than the plain one have other rows in their output kernels.
  const isPlain = config.kind === 'language' && config.architecture === 'transformer' && config.attention === undefined;
  return { heads: isPlain ? config.heads : 0 };
}

/**
 * Switches heads off: their rows of W_o become 0, so that all they give to the rest of the model is 0. To be done before a model computes;
 * the same model with all heads is read from its file again.
 *
 * @throws HeedError INVALID_ARGUMENT for a layer or a head that isn't there
 * @see Michel, Levy & Neubig 2019, arXiv:1905.10650, §2.3
 */
export function switchOffHeads(
  model: Pick<ModelOf<KnownNetwork>, 'config' | 'parameters'>,
  places: readonly HeadPlace[],
): void {
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
    const kernel = model.parameters[`${layer}${OUTPUT}`]!; // [H·Dv, C], head 0 first
    tf.tidy(() => {
      const rows = kernel.shape[0]! / heads;
      const on = Float32Array.from({ length: kernel.shape[0]! }, (_, row) => (Math.floor(row / rows) === head ? 0 : 1));
      kernel.assign(tf.mul(kernel, tf.tensor2d(on, [on.length, 1])));
    });
  }
}
