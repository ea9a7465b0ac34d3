import { canReadAtOnce } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { ParameterTree } from '../parameters.js';
import { linear, type Layer, type Rows } from './layer.js';

export interface ExpertsOptions {
  readonly width: number;
  /** Width inside an expert. */
  readonly between: number;
  readonly experts: number;
  /** Number of experts that each row is given to. */
  readonly chosen: number;
}

/** Constants of gpt-oss's code. */
const LIMIT = 7;
const SHARPNESS = 1.702;

/**
 * A mixture of experts: a router gives each row to those with its greatest logits, and weighs what they make of it by the softmax of these.
 * An expert is W₂((W₁x + 1) ∘ g·σ(1.702 g)), with g = W_g x and both clipped; columns of W_g and W₁ take turns.
 *
 * @see OpenAI 2025, arXiv:2508.10925, §2; Shazeer et al. 2017, arXiv:1701.06538, §2.1
 */
export function mixtureOfExperts(weights: ParameterTree, { width, between, experts, chosen }: ExpertsOptions): Layer {
  const router = linear(weights.at('router'), width, experts);
  const parts = weights.at('experts');
  const gateUp = parts.get('gate_up_proj', [experts, width, 2 * between]);
  const gateUpBias = parts.get('gate_up_proj_bias', [experts, 2 * between]);
  const down = parts.get('down_proj', [experts, between, width]);
  const downBias = parts.get('down_proj_bias', [experts, width]);
  const of = (tensor: tf.Tensor, expert: number): Rows =>
    tf.reshape(tf.slice(tensor, expert, 1), [-1, tensor.shape.at(-1)!]);
  const expertOf =
    (expert: number): Layer =>
    (x) => {
      const both = tf.add(tf.matMul(x, of(gateUp.tensor(), expert)), of(gateUpBias.tensor(), expert));
      const [gate, up] = tf.unstack(tf.reshape(both, [-1, between, 2]), 2) as [Rows, Rows];
      const limited = tf.minimum(gate, LIMIT);
      const swish = tf.mul(limited, tf.sigmoid(tf.mul(limited, SHARPNESS)));
      const inside: Rows = tf.mul(tf.add(tf.clipByValue(up, -LIMIT, LIMIT), 1), swish);
      return tf.add(tf.matMul(inside, of(down.tensor(), expert)), of(downBias.tensor(), expert));
    };
  return (x) => {
    const logits = router(x);
    const { mask, taken } = greatest(logits, chosen);
    const shares = tf.softmax(tf.where(mask, logits, tf.fill(logits.shape, Number.NEGATIVE_INFINITY)));
    const results = taken.map((expert): Rows => tf.mul(expertOf(expert)(x), tf.slice(shares, [0, expert], [-1, 1])));
    return tf.addN(results);
  };
}

interface Chosen {
  /** Where a logit is among the greatest of its row, bool [R, experts]. */
  readonly mask: tf.Tensor2D;
  /** The experts that rows are given to, or all, where numbers can't be read at once; shares of the others are 0 then. */
  readonly taken: readonly number[];
}

function greatest(logits: Rows, count: number): Chosen {
  const [rows, experts] = logits.shape;
  const all = Array.from({ length: experts }, (_, expert) => expert);
  if (!canReadAtOnce()) return { mask: greatestOnDevice(logits, count), taken: all };
  const indices = tf.tidy(() => tf.topk(logits, count).indices.dataSync());
  const isChosen = new Uint8Array(rows * experts);
  indices.forEach((expert, n) => {
    isChosen[Math.floor(n / count) * experts + expert] = 1;
  });
  const taken = new Set(indices);
  return { mask: tf.tensor2d(isChosen, [rows, experts], 'bool'), taken: all.filter((expert) => taken.has(expert)) };
}

/** Which are greatest doesn't change with a logit but at single points, so that there is nothing to pass back. */
function greatestOnDevice(logits: Rows, count: number): tf.Tensor2D {
  const choose = tf.customGrad((x) => {
    const marked = tf.oneHot(tf.topk(x as Rows, count).indices, logits.shape[1], 1, 0, 'float32'); // [R, count, experts]
    return { value: tf.cast(tf.max(marked, 1), 'bool'), gradFunc: () => tf.zerosLike(logits) };
  });
  return choose(logits) as tf.Tensor2D;
}
