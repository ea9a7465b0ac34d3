import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { listOf, objectOf, type Json } from '../../files/read-json.js';
import { snakeCase } from '../../files/snake-case.js';
import type { CallShapes } from '../../layers/keras-layer.js';
import type { MakeInner } from '../make-layer.js';
import { type Active, type Reading, RecurrentCell } from './cell.js';
import { asCell } from './as-cell.js';

/**
 * Cells on top of each other: each reads the outputs of the one below. What a step leaves out is left out in all of them, so that one cell can
 * read the whole sequence before the next does.
 */
export class StackedCells extends RecurrentCell {
  static readonly className = 'StackedRNNCells';
  readonly stateWidths: readonly number[];
  readonly outputWidth: number;
  readonly #cells: readonly RecurrentCell[];

  constructor(config: Json, inner: MakeInner) {
    super(StackedCells.className, config);
    const cells = listOf('the cells of StackedRNNCells', config['cells']);
    const counts = new Map<string, number>();
    this.#cells = cells.map((one) => {
      const cell = asCell(inner(objectOf('a cell', one)));
      const base = `cells/${snakeCase(cell.getClassName())}`;
      const count = counts.get(base) ?? 0;
      counts.set(base, count + 1);
      return this.track(count === 0 ? base : `${base}_${count}`, cell);
    });
    this.stateWidths = this.#cells.flatMap(({ stateWidths }) => stateWidths);
    this.outputWidth = this.#cells.at(-1)!.outputWidth;
  }

  override buildFor({ inputs }: CallShapes): void {
    let shape = inputs as Shape;
    for (const cell of this.#cells) {
      this.buildSublayer(cell, shape);
      shape = [shape[0], cell.outputWidth];
    }
  }

  override read(x: Tensor3D, states: readonly Tensor2D[], active: readonly Active[], training: boolean): Reading {
    const after: Tensor2D[] = [];
    let outputs: Tensor2D[] = [];
    let sequence = x;
    let first = 0;
    for (const [n, cell] of this.#cells.entries()) {
      if (n > 0) sequence = tf.stack(outputs, 1) as Tensor3D;
      const reading = cell.read(sequence, states.slice(first, first + cell.stateWidths.length), active, training);
      ({ outputs } = reading);
      after.push(...reading.states);
      first += cell.stateWidths.length;
    }
    return { outputs, states: after };
  }
}
