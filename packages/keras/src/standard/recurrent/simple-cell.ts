import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Json } from '../../files/read-json.js';
import type { CellLoop } from './cell.js';
import { GatedCell } from './gated-cell.js';
import { keepInactive, project } from './steps.js';

/** h' = activation(x W + b + h U), Elman's cell; one state, h. */
export class SimpleCell extends GatedCell {
  static readonly className = 'SimpleRNNCell';
  readonly stateWidths: readonly number[];

  constructor(config: Json) {
    super(SimpleCell.className, config, 1);
    this.stateWidths = [this.units];
  }

  protected begin(input: Tensor3D, training: boolean): CellLoop {
    const { kernel, recurrent, bias } = this.kernels;
    const { x, state: dropped } = this.dropped(input, training);
    const terms = project(x, kernel, bias);
    return {
      pack: ([h]) => h,
      unpack: (h) => [h],
      output: (h) => h,
      step: (t, h, active) =>
        keepInactive(active, this.activation(tf.add(terms[t], tf.matMul(dropped(h), recurrent))) as Tensor2D, h),
    };
  }
}
