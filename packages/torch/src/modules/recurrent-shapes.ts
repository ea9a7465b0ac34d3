import { HeedError } from '@heed/base';
import { hasBias, matrix, type Shape, type Shapes } from '../state/shapes.js';
import type { Tree } from '../state/tree.js';

/** Number of blocks of rows in a cell's matrices. */
export interface Gates {
  readonly LSTM: 4;
  readonly GRU: 3;
}

const KEY = /^(?:weight|bias)_(?:ih|hh|hr)_l(\d{1,4})(_reverse)?$/;

/** Whether there are matrices of cells with so many gates. Those of an LSTM with projections are known by the projections. */
export function isRecurrent(shapes: Tree<Shape>, gates: Gates[keyof Gates]): boolean {
  const keys = shapes.keys().filter((key) => KEY.test(key));
  if (keys.some((key) => key.startsWith('weight_hr'))) return gates === 4;
  const recurrent = keys.find((key) => key.startsWith('weight_hh'));
  const [rows = 0, units = 1] = recurrent === undefined ? [] : shapes.get(recurrent);
  return rows === gates * units;
}

/** Number of layers, by the last that there is. */
export const layersOf = (tree: Tree<unknown>): number =>
  1 + Math.max(0, ...tree.keys().map((key) => Number(KEY.exec(key)?.[1] ?? 0)));

/** @throws HeedError CHECKPOINT_INVALID, SHAPE_MISMATCH */
export function recurrentShapes(kind: keyof Gates, shapes: Tree<Shape>, gates: Gates[keyof Gates]): Shapes {
  refuseProjections(kind, shapes);
  const [, inputWidth] = matrix(shapes, 'weight_ih_l0');
  const [, units] = matrix(shapes, 'weight_hh_l0');
  const suffixes = shapes.keys().some((key) => key.endsWith('_reverse')) ? ['', '_reverse'] : [''];
  const rows = gates * units;
  const bias = hasBias(shapes);
  const expected: Record<string, Shape> = {};
  for (let layer = 0; layer < layersOf(shapes); layer++) {
    for (const suffix of suffixes.map((end) => `l${layer}${end}`)) {
      expected[`weight_ih_${suffix}`] = [rows, layer === 0 ? inputWidth : suffixes.length * units];
      expected[`weight_hh_${suffix}`] = [rows, units];
      if (bias) expected[`bias_ih_${suffix}`] = expected[`bias_hh_${suffix}`] = [rows];
    }
  }
  return expected;
}

function refuseProjections(kind: string, shapes: Tree<Shape>): void {
  const projection = shapes.keys().find((key) => key.startsWith('weight_hr_'));
  if (projection === undefined) return;
  throw new HeedError('CHECKPOINT_INVALID', {
    message: `${kind}: the state dict has ${projection}: the module was made with proj_size, which isn't read`,
    hint: 'modules without proj_size are',
    details: { key: projection },
  });
}
