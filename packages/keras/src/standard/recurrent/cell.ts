import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Json } from '../../files/read-json.js';
import type { CallArguments } from '../../layers/keras-layer.js';
import { StandardLayer } from '../standard-layer.js';

/** Which rows of a step count, 1 or 0 for each; absent when all do. A row that doesn't carries its state through. */
export type Active = Uint8Array | undefined;

/** A cell in a loop over a sequence, the state as one tensor, [B, S]. */
export interface CellLoop {
  pack(states: readonly Tensor2D[]): Tensor2D;
  /** The state after a step. */
  step(t: number, state: Tensor2D, active: Active): Tensor2D;
  /** What the cell gives for a state, [B, units]. */
  output(state: Tensor2D): Tensor2D;
  unpack(state: Tensor2D): Tensor2D[];
}

/** What a sequence becomes in a cell. */
export interface Reading {
  /** Outputs of the steps in the order of reading, each [B, units]. */
  readonly outputs: Tensor2D[];
  readonly states: Tensor2D[];
}

/** A cell that reads whole sequences. Called as a layer, it makes one step: inputs [B, D], states a list → output, then the states. */
export abstract class RecurrentCell extends StandardLayer {
  override readonly argumentNames = ['inputs', 'states', 'training'];

  /** Widths of the states. */
  abstract readonly stateWidths: readonly number[];

  /** Width of the outputs. */
  abstract readonly outputWidth: number;

  /** Reads x [B, T, D] step by step; `active` says of each step which rows count. */
  abstract read(x: Tensor3D, states: readonly Tensor2D[], active: readonly Active[], training: boolean): Reading;

  constructor(className: string, config: Json) {
    super(className, config);
    this.supportsMasking = true;
  }

  override run({ inputs, states, training }: CallArguments): tf.Tensor[] {
    const x = tf.expandDims(inputs as Tensor2D, 1) as Tensor3D;
    const before = states === undefined ? this.zeroStates(x.shape[0]) : ([states].flat() as Tensor2D[]);
    const reading = this.read(x, before, [undefined], training === true);
    return [...reading.outputs, ...reading.states];
  }

  zeroStates(batch: number): Tensor2D[] {
    return this.stateWidths.map((width) => tf.zeros([batch, width]));
  }
}

/** A cell whose steps share what can be computed of all inputs at once. */
export abstract class LoopedCell extends RecurrentCell {
  /** Begins a loop over x, [B, T, D]. */
  protected abstract begin(x: Tensor3D, training: boolean): CellLoop;

  override read(x: Tensor3D, states: readonly Tensor2D[], active: readonly Active[], training: boolean): Reading {
    const loop = this.begin(x, training);
    const outputs: Tensor2D[] = [];
    let state = loop.pack(states);
    for (const [t, rows] of active.entries()) {
      state = loop.step(t, state, rows);
      outputs.push(loop.output(state));
    }
    return { outputs, states: loop.unpack(state) };
  }
}
