import type { Tensor } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { Json } from '../../files/read-json.js';
import type { CallArguments } from '../../layers/keras-layer.js';
import { unit } from '../dot.js';
import { StandardLayer } from '../standard-layer.js';
import { sortedAxes } from './layer-normalization.js';

/** x divided by its length along some axes, the last one by default. */
export class UnitNormalization extends StandardLayer {
  static readonly className = 'UnitNormalization';
  readonly #axes: readonly number[];

  constructor(config: Json) {
    super(UnitNormalization.className, config);
    this.supportsMasking = true;
    this.#axes = this.config.integers('axis', [-1]);
  }

  override run(given: CallArguments): Tensor {
    const x = this.inputOf(given);
    return unit(x, sortedAxes(this.#axes, x.rank), 1e-12);
  }

  override outputShapes({ inputs }: CallArguments): Shape {
    return inputs as Shape;
  }
}
