import { HeedError } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { Json } from '../../files/read-json.js';
import type { CallArguments, CallShapes } from '../../layers/keras-layer.js';
import { StandardLayer } from '../standard-layer.js';
import type { RecurrentCell } from './cell.js';
import { attendedSteps, type AttendedSteps } from './attended-steps.js';

/**
 * A cell along a sequence: sequences [B, T, D] → the last output [B, units], or with `return_sequences` all of them, [B, T, units]; with `return_state`
 * the states follow, each [B, width]. A masked step keeps state and output of the one before, or gives 0 with `zero_output_for_mask`.
 * `go_backwards` reads, and gives, the last step first. `unroll` makes no difference here.
 */
export class RecurrentLayer extends StandardLayer {
  override readonly argumentNames = ['sequences', 'initialState', 'mask', 'training'];
  readonly cell: RecurrentCell;
  readonly returnsSequences: boolean;
  readonly returnsState: boolean;
  readonly goesBackwards: boolean;
  /** Whether masked steps give 0; a `Bidirectional` around it decides this by itself. */
  zeroOutputForMask: boolean;
  readonly #timeMajor: boolean;

  /** @throws HeedError CONFIG_INVALID for a layer that would keep its states between calls */
  constructor(className: string, config: Json, cell: RecurrentCell) {
    super(className, config);
    this.supportsMasking = true;
    this.cell = this.track('cell', cell);
    this.returnsSequences = this.config.flag('return_sequences', false);
    this.returnsState = this.config.flag('return_state', false);
    this.goesBackwards = this.config.flag('go_backwards', false);
    this.zeroOutputForMask = this.config.flag('zero_output_for_mask', false);
    this.#timeMajor = this.config.flag('time_major', false);
    if (this.config.flag('stateful', false)) {
      throw new HeedError('CONFIG_INVALID', {
        message: `${className} ${this.name}: stateful layers, which keep their states between calls, aren't supported`,
        hint: 'take the states with return_state, and give them to the next call as initialState',
      });
    }
  }

  override byPosition<T>(tensors: readonly T[]): Readonly<Record<string, T | readonly T[]>> {
    const [sequences, ...initialState] = tensors;
    return initialState.length === 0 ? { sequences } : { sequences, initialState };
  }

  override buildFor({ sequences }: CallShapes): void {
    const shape = firstShape(sequences);
    this.buildSublayer(this.cell, [shape[this.#timeMajor ? 1 : 0], ...shape.slice(2)]);
  }

  override run({ sequences, initialState, mask, training }: CallArguments): Tensor | Tensor[] {
    // Keras 2 gives the states in one list with the sequences.
    const [given, ...listed] = [sequences].flat() as Tensor3D[];
    const x = this.#timeMajor ? (tf.transpose(given, [1, 0, 2]) as Tensor3D) : given;
    const begun = (initialState === undefined ? listed : [initialState].flat(2)) as Tensor2D[];
    const states = begun.length === 0 ? this.cell.zeroStates(x.shape[0]) : this.#checked(begun);
    const steps = attendedSteps(maskOf(mask), x.shape[0], x.shape[1], this.goesBackwards);
    const read = this.goesBackwards ? tf.reverse(x, 1) : x;
    const { outputs, states: after } = this.cell.read(read, states, steps.active, training === true);
    const output = this.#outputOf(outputs, steps, begun.length > 0);
    return this.returnsState ? [output, ...after] : output;
  }

  override outputShapes({ sequences }: CallArguments): Shape | Shape[] {
    const [batch, time] = firstShape(sequences);
    const output = this.returnsSequences
      ? [batch, time, this.cell.outputWidth]
      : [this.#timeMajor ? time : batch, this.cell.outputWidth];
    if (!this.returnsState) return output;
    return [output, ...this.cell.stateWidths.map((width) => [this.#timeMajor ? time : batch, width])];
  }

  override computeMask(_: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor | Tensor[] {
    const own = this.returnsSequences ? maskOf(mask) : null;
    const list = [own, ...this.cell.stateWidths.map(() => null)];
    return (this.returnsState ? list : own) as Tensor; // its types know no null here, and its code expects it
  }

  #outputOf(outputs: readonly Tensor2D[], steps: AttendedSteps, begun: boolean): Tensor {
    if (!this.returnsSequences) {
      const last = outputs.at(-1)!;
      const factor = steps.factorOf(steps.active.length - 1, this.zeroOutputForMask, begun);
      return factor === undefined ? last : tf.where(tf.broadcastTo(factor, last.shape), last, tf.zerosLike(last));
    }
    const all = tf.stack([...outputs], 1);
    const factor = steps.factors(this.zeroOutputForMask, begun);
    const kept = factor === undefined ? all : tf.where(tf.broadcastTo(factor, all.shape), all, tf.zerosLike(all));
    return this.#timeMajor ? tf.transpose(kept, [1, 0, 2]) : kept;
  }

  #checked(states: readonly Tensor2D[]): readonly Tensor2D[] {
    const widths = this.cell.stateWidths;
    if (states.length === widths.length && states.every(({ shape }, n) => shape.at(-1) === widths[n])) return states;
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${this.name}: the states are ${states.map(({ shape }) => `[${shape}]`).join(', ')}, and the layer has states of width ${widths.join(', ')}`,
    });
  }
}

/** The mask of the sequence, where there is one for each of several inputs. */
export const maskOf = (mask: unknown): Tensor | null => ([mask].flat()[0] as Tensor | null | undefined) ?? null;

/** The shape of a tensor, or of the first one of a list. */
export const firstShape = (shapes: unknown): Shape => {
  const [first] = shapes as readonly (Shape | number | null)[];
  return (Array.isArray(first) ? first : shapes) as Shape;
};
