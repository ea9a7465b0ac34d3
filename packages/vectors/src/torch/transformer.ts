import { selfAttend, type BoundMechanism, type PrepareOptions } from '@heed/attention';
import { throughBlock, toRows, toSequences, type LayerNorm, type TransformerBlock } from '@heed/nn';
import type * as tf from '@tensorflow/tfjs-core';
import type { StateDict } from './state-dict.js';
import { blockFromTorch, layerNormFromTorch, type LayerSettings } from './transformer-block.js';

/** Blocks one after another, and a norm after the last where there is one. */
export interface Stack {
  readonly blocks: readonly TransformerBlock[];
  readonly norm?: LayerNorm | undefined;
}

/** `nn.TransformerEncoder`, `nn.TransformerDecoder`, or one layer of either. */
export function stackFromTorch(state: StateDict, settings: LayerSettings): Stack {
  const layers = state.count('layers');
  if (layers === 0) return { blocks: [blockFromTorch(state, settings)] };
  return {
    blocks: Array.from({ length: layers }, (_, n) => blockFromTorch(state.under(`layers.${n}`), settings)),
    norm: state.has('norm.weight') ? layerNormFromTorch(state.under('norm'), settings.epsilon) : undefined,
  };
}

/** What masks the positions of a stack. */
export interface StackMasks {
  /** Whether no position sees a later one. */
  readonly causal?: boolean;
  /** bool [B, T], true = attend. */
  readonly mask?: tf.Tensor2D | undefined;
  /** What decoders attend to, [B, S, E], with its mask [B, S]. */
  readonly source?: { readonly memory: tf.Tensor3D; readonly mask?: tf.Tensor2D | undefined };
}

/** x [B, T, E] → [B, T, E] */
export function throughStack(
  { blocks, norm }: Stack,
  x: tf.Tensor3D,
  { causal = false, mask, source }: StackMasks,
): tf.Tensor3D {
  const [batch] = x.shape;
  const attendToSource = (rows: tf.Tensor2D, mechanism: BoundMechanism): tf.Tensor2D => {
    const options: PrepareOptions = { mask: source!.mask };
    return toRows(mechanism.attend(toSequences(rows, batch), mechanism.prepare(source!.memory, options)).context);
  };
  let rows = toRows(x);
  for (const block of blocks) {
    rows = throughBlock(block, rows, {
      attend: (own, mechanism) =>
        toRows(selfAttend(mechanism, toSequences(own, batch), { causal, memoryMask: mask }).context),
      attendToSource,
    });
  }
  return toSequences(norm === undefined ? rows : norm(rows), batch);
}
