import { firstColumns, lstmGates } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import type { Json } from '../../files/read-json.js';
import { type Initializer, withFirstValues } from '../initializer.js';
import type { Active, CellLoop } from './cell.js';
import { GatedCell } from './gated-cell.js';
import { gatesOf, keepInactive, product, project } from './steps.js';

/** Long short-term memory, gates in the order input, forget, candidate, output; states h and c. */
export class LstmCell extends GatedCell {
  static readonly className = 'LSTMCell';
  readonly stateWidths: readonly number[];

  constructor(config: Json) {
    super(LstmCell.className, config, 4);
    this.stateWidths = [this.units, this.units];
  }

  protected override makeBias(): LayerVariable {
    const { initializer, regularizer, constraint } = this.config.weight('bias', 'zeros');
    const forgetting = this.config.flag('unit_forget_bias', true)
      ? withForgetBias(initializer, this.units)
      : initializer;
    return this.addWeight('bias', [4 * this.units], 'float32', forgetting, regularizer, true, constraint);
  }

  protected begin(input: Tensor3D, training: boolean): CellLoop {
    const { kernel, recurrent, bias } = this.kernels;
    const { x, state: dropped } = this.dropped(input, training);
    const terms = project(x, kernel, bias);
    const output = (state: Tensor2D): Tensor2D => firstColumns(state, this.units);
    return {
      pack: ([h, c]) => tf.concat([h, c], 1),
      unpack: (state) => gatesOf(state, 2) as Tensor2D[],
      output,
      step: (t, state, active) => {
        const recurrence = product(dropped(output(state)), recurrent);
        return this.isFused
          ? lstmGates([terms[t], recurrence], state, active)
          : this.#step(tf.add(terms[t], recurrence), state, active);
      },
    };
  }

  #step(sum: Tensor2D, state: Tensor2D, active: Active): Tensor2D {
    const [, before] = gatesOf(state, 2);
    const [inputs, forgets, candidates, outputs] = gatesOf(sum, 4);
    const kept = tf.mul(this.recurrentActivation(forgets), before);
    const c = tf.add(kept, tf.mul(this.recurrentActivation(inputs), this.activation(candidates)));
    const h = tf.mul(this.recurrentActivation(outputs), this.activation(c));
    return keepInactive(active, tf.concat([h, c], 1) as Tensor2D, state);
  }
}

/** A bias whose part for the forget gate begins at 1, so that a new cell remembers. */
const withForgetBias = (initializer: Initializer, units: number): Initializer =>
  withFirstValues((shape) =>
    tf.concat([initializer.apply([units]), tf.ones([units]), initializer.apply([shape[0]! - 2 * units])]),
  );
