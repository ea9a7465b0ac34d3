import { addBias, firstColumns, gruReset, gruUpdate } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import type { Json } from '../../files/read-json.js';
import { madeByKeras2 } from '../keras-version.js';
import type { CellLoop } from './cell.js';
import { GatedCell } from './gated-cell.js';
import { gatesOf, keepInactive, product, project } from './steps.js';

/** Kernels and biases of a unit, its gates apart from its candidate. */
interface Parts {
  readonly gates: Tensor2D;
  readonly candidate: Tensor2D;
  readonly recurrentGates: Tensor2D;
  readonly recurrentCandidate: Tensor2D;
  readonly gateBias?: Tensor;
  readonly candidateBias?: Tensor;
  readonly recurrentBias?: Tensor;
}

/**
 * Gated recurrent unit, gates in the order update z, reset r, candidate; one state, h.
 *
 *   h' = z∘h + (1 − z)∘h̃; h̃ = tanh(x W + b + r∘(h U + c)) with `reset_after`, as is Keras's default, and tanh(x W + b + (r∘h) U) without
 *
 * With `reset_after` the bias is [2, 3 units]: b, then c. TensorFlow.js's own layer refuses it.
 */
export class GruCell extends GatedCell {
  static readonly className = 'GRUCell';
  readonly stateWidths: readonly number[];
  readonly #resetAfter: boolean;

  constructor(config: Json) {
    super(GruCell.className, config, 3);
    this.stateWidths = [this.units];
    this.#resetAfter = this.config.flag('reset_after', !madeByKeras2(config));
  }

  protected override makeBias(): LayerVariable {
    return this.weightOf('bias', 'bias', this.#resetAfter ? [2, 3 * this.units] : [3 * this.units], 'zeros');
  }

  protected begin(input: Tensor3D, training: boolean): CellLoop {
    const { x, state: dropped } = this.dropped(input, training);
    const parts = this.#parts();
    const gateTerms = project(x, parts.gates, parts.gateBias);
    const candidateTerms = project(x, parts.candidate, parts.candidateBias);
    const candidateProduct = (h: Tensor2D): Tensor2D => {
      const terms = product(h, parts.recurrentCandidate);
      return parts.recurrentBias === undefined ? terms : addBias(terms, parts.recurrentBias as Tensor1D);
    };
    return {
      pack: ([h]) => h,
      unpack: (h) => [h],
      output: (h) => h,
      step: (t, h, active) => {
        const seen = dropped(h);
        const gates = [gateTerms[t], product(seen, parts.recurrentGates)];
        const resetting = this.#resetAfter ? candidateProduct(seen) : seen;
        if (!this.isFused) {
          const [r, z] = gatesOf(tf.add(gates[0], gates[1]), 2).map(this.recurrentActivation) as Tensor2D[];
          const reset = tf.mul(r, resetting) as Tensor2D;
          const seenReset = this.#resetAfter ? reset : candidateProduct(reset);
          const candidate = this.activation(tf.add(candidateTerms[t], seenReset));
          return keepInactive(active, tf.add(candidate, tf.mul(z, tf.sub(h, candidate))), h);
        }
        const open = gruReset(gates, resetting); // [r∘… | 1 − z]
        const reset = firstColumns(open, this.units);
        return gruUpdate([candidateTerms[t], this.#resetAfter ? reset : candidateProduct(reset)], open, h, active);
      },
    };
  }

  #parts(): Parts {
    const { kernel, recurrent, bias } = this.kernels;
    const [gates, candidate] = this.#split(kernel);
    const [recurrentGates, recurrentCandidate] = this.#split(recurrent);
    const kernels = { gates, candidate, recurrentGates, recurrentCandidate };
    if (bias === undefined) return kernels;
    if (!this.#resetAfter) {
      const [gateBias, candidateBias] = this.#split(tf.expandDims(bias, 0));
      return { ...kernels, gateBias, candidateBias };
    }
    const [inputs, states] = tf.split(bias, 2).map((row) => this.#split(row as Tensor2D));
    return {
      ...kernels,
      gateBias: tf.add(inputs[0], states[0]),
      candidateBias: inputs[1],
      recurrentBias: tf.squeeze(states[1], [0]),
    };
  }

  /**
   * Columns of the gates, r before z, and those of the candidate. Core's fused steps mean by z how much of the candidate comes in, which is
   * Keras's 1 − z = σ(−a), so the columns of z are negated for them.
   */
  #split(columns: Tensor2D): [Tensor2D, Tensor2D] {
    const [z, r, candidate] = gatesOf(columns, 3) as Tensor2D[];
    return [tf.concat([r, this.isFused ? tf.neg(z) : z], 1), candidate];
  }
}
