import * as tf from '@tensorflow/tfjs-core';
import type { Alignment, Bias } from '@heed/core';
import { tidy } from '@heed/nn';
import type { Attention, AttentionCall } from './attention.js';
import type { Layer, Rows } from './layer.js';

/** A part of a block with the norms around it, each where a family has one: x ← sum(x + after(part(before(x)))). */
interface Sublayer<Part> {
  readonly layer: Part;
  readonly before?: Layer;
  readonly after?: Layer;
  readonly sum?: Layer;
}

/** One block of a transformer. */
export interface Block {
  readonly attention: Sublayer<Attention>;
  /** Attention to the states of an encoder. */
  readonly cross?: Sublayer<Attention>;
  readonly feedForward: Sublayer<Layer>;
}

/** Blocks one after another. */
export interface Stack {
  readonly blocks: readonly Block[];
  /** Norm after the last block. */
  readonly norm?: Layer;
  /** Whether the last of the hidden states is the one before that norm; it is the one after it by default. */
  readonly lastBeforeNorm?: boolean;
  /** Bias of the scores of self-attention, of all blocks alike. */
  readonly bias?: (alignment: Alignment) => Bias;
}

export interface StackCall extends Omit<AttentionCall, 'bias' | 'source'> {
  /** States that blocks with cross-attention attend to, [B·Ts, width], and which of them are real. */
  readonly source?: { readonly rows: Rows; readonly present?: tf.Tensor2D | undefined } | undefined;
}

export interface StackResult {
  /** After the last norm, [B·T, width]. */
  readonly last: Rows;
  /** Before the first block and after each, [B·T, width]. */
  readonly hidden: readonly Rows[];
  /** Weights of each block, when asked for: [B, heads, T, Tk]. */
  readonly attentions: readonly tf.Tensor4D[];
  readonly crossAttentions: readonly tf.Tensor4D[];
}

export function runStack({ blocks, norm, lastBeforeNorm, bias }: Stack, x: Rows, call: StackCall): StackResult {
  const { source, ...own } = call;
  const hidden = [x];
  const attentions: tf.Tensor4D[] = [];
  const crossAttentions: tf.Tensor4D[] = [];
  const selfCall: AttentionCall = { ...own, bias: bias?.({ offset: own.before ?? 0 }) };
  const crossCall: AttentionCall = { ...own, source: source?.rows, present: source?.present };
  for (const block of blocks) {
    const { rows, weights, crossWeights } = runBlock(block, hidden.at(-1)!, selfCall, crossCall);
    hidden.push(rows);
    if (weights !== undefined) attentions.push(weights);
    if (crossWeights !== undefined) crossAttentions.push(crossWeights);
  }
  const final = hidden.at(-1)!;
  const last = norm?.(final) ?? final;
  if (lastBeforeNorm !== true) hidden[hidden.length - 1] = last;
  return { last, hidden, attentions, crossAttentions };
}

interface BlockResult {
  readonly rows: Rows;
  readonly weights: tf.Tensor4D | undefined;
  readonly crossWeights: tf.Tensor4D | undefined;
}

/** What a block makes of rows. All else that it computed is freed, so that the next one has the same memory. */
const runBlock = (block: Block, x: Rows, selfCall: AttentionCall, crossCall: AttentionCall): BlockResult =>
  tidy(() => {
    const { attention, cross, feedForward } = block;
    const seen = attended(attention, x, selfCall);
    const crossed = cross === undefined ? undefined : attended(cross, seen.rows, crossCall);
    const rows = through(feedForward, crossed?.rows ?? seen.rows, feedForward.layer);
    return { rows, weights: seen.weights, crossWeights: crossed?.weights };
  });

function attended(sublayer: Sublayer<Attention>, x: Rows, call: AttentionCall): ReturnType<Attention> {
  let weights: tf.Tensor4D | undefined;
  const rows = through(sublayer, x, (given) => {
    const seen = sublayer.layer(given, call);
    weights = seen.weights;
    return seen.rows;
  });
  return { rows, weights };
}

function through({ before, after, sum }: Sublayer<unknown>, x: Rows, part: Layer): Rows {
  const seen = part(before?.(x) ?? x);
  const y: Rows = tf.add(x, after?.(seen) ?? seen);
  return sum?.(y) ?? y;
}
