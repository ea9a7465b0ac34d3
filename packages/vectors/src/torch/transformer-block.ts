import {
  createAttentionSublayer,
  createFeedForwardSublayer,
  createLayerNorm,
  BoundParameters,
  type Activation,
  type LayerNorm,
  type TransformerBlock,
} from '@heed/nn';
import type * as tf from '@tensorflow/tfjs-core';
import { multiHeadFromTorch } from './multi-head.js';
import type { StateDict } from './state-dict.js';

/** What the parameters of a transformer's layers don't tell. */
export interface LayerSettings {
  readonly heads: number;
  /** Its `norm_first`. */
  readonly normFirst: boolean;
  readonly activation: Extract<Activation, 'relu' | 'gelu'>;
  /** Its `layer_norm_eps`. */
  readonly epsilon: number;
}

/**
 * `nn.TransformerEncoderLayer`, or `nn.TransformerDecoderLayer` where there is a `multihead_attn`, as a block of `@heed/nn`. Biases that it
 * was made without are zeros.
 */
export function blockFromTorch(state: StateDict, settings: LayerSettings): TransformerBlock {
  const { heads, normFirst, activation, epsilon } = settings;
  const hasSource = state.has('multihead_attn.out_proj.weight');
  const feedForward = state.kernel('linear1.weight'); // [E, F]
  const [width, feedForwardWidth] = feedForward.shape;
  const attention = (module: string): MultiHead => multiHeadFromTorch(state.under(module), { heads });
  const own = attention('self_attn');
  const cross = hasSource ? attention('multihead_attn') : undefined;
  const parameters = new BoundParameters({
    ...prefixed('attention', own.parameters),
    ...normFromTorch('attention_norm', state.under('norm1')),
    ...(cross && prefixed('source', cross.parameters)),
    ...(cross && normFromTorch('source_norm', state.under('norm2'))),
    'feed_forward/kernel': feedForward,
    'feed_forward/bias': state.bias('linear1.bias', feedForwardWidth),
    'feed_forward/output_kernel': state.kernel('linear2.weight'),
    'feed_forward/output_bias': state.bias('linear2.bias', width),
    ...normFromTorch('feed_forward_norm', state.under(hasSource ? 'norm3' : 'norm2')),
  });
  const options = ({ config: { bias } }: MultiHead) => ({ width, heads, bias: bias!, epsilon, seed: 0 });
  const block = {
    attention: createAttentionSublayer(parameters, 'attention', options(own)),
    ...(cross && { crossAttention: createAttentionSublayer(parameters, 'source', options(cross)) }),
    feedForward: createFeedForwardSublayer(parameters, 'feed_forward', {
      width,
      feedForwardWidth,
      activation,
      epsilon,
    }),
    norms: normFirst ? ('before' as const) : ('after' as const),
  };
  parameters.checkAllUsed();
  return block;
}

/** `nn.LayerNorm`. */
export function layerNormFromTorch(state: StateDict, epsilon: number): LayerNorm {
  const width = state.get('weight').size;
  return createLayerNorm(new BoundParameters(normFromTorch('norm', state)), 'norm', width, epsilon);
}

type MultiHead = ReturnType<typeof multiHeadFromTorch>;

function normFromTorch(key: string, state: StateDict): Record<string, tf.Tensor> {
  const gain = state.get('weight');
  return { [`${key}/gain`]: gain, [`${key}/bias`]: state.bias('bias', gain.size) };
}

const prefixed = (prefix: string, tensors: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([key, tensor]) => [`${prefix}/${key}`, tensor]));
