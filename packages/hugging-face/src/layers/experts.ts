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
    const isChosen = greatest(logits, chosen);
    const mask = tf.tensor2d(isChosen, [x.shape[0], experts], 'bool');
    const shares = tf.softmax(tf.where(mask, logits, tf.fill(logits.shape, Number.NEGATIVE_INFINITY)));
    const results = Array.from({ length: experts }, (_, expert) => expert)
      .filter((expert) => isChosen.some((chosen, n) => chosen === 1 && n % experts === expert))
      .map((expert): Rows => tf.mul(expertOf(expert)(x), tf.slice(shares, [0, expert], [-1, 1])));
    return tf.addN(results);
  };
}

/** 1 where a logit is among the greatest of its row. */
function greatest(logits: Rows, count: number): Uint8Array {
  const [rows, experts] = logits.shape;
  const indices = tf.tidy(() => tf.topk(logits, count).indices.dataSync());
  const isChosen = new Uint8Array(rows * experts);
  indices.forEach((expert, n) => {
    isChosen[Math.floor(n / count) * experts + expert] = 1;
  });
  return isChosen;
}
