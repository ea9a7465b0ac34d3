import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { RowSums } from '@heed/core/model-ops';
import type { CpuEngine } from '../engine.js';
import type { Passes } from './passes.js';

export const lookup: Passes<'lookup'> = (engine) => ({
  forward({ table }, { ids }) {
    const width = table.shape[1];
    const values = engine.floats(table);
    const rows = new Float32Array(ids.length * width);
    for (let n = 0; n < ids.length; n++) rows.set(values.subarray(ids[n] * width, (ids[n] + 1) * width), n * width);
    return { rows: engine.output([ids.length, width], rows) };
  },

  backward({ dRows }, { ids, size }) {
    const width = dRows.shape[1];
    const values = engine.floats(dRows);
    const sums = new Float64Array(size * width);
    for (let n = 0; n < ids.length; n++) {
      const to = ids[n] * width;
      for (let w = 0; w < width; w++) sums[to + w] += values[n * width + w];
    }
    return { dTable: engine.output([size, width], Float32Array.from(sums)) };
  },
});

export const lookupSums: Passes<'lookupSums'> = (engine) => ({
  forward: ({ table }, sums) => ({ sums: addUp(engine, table, sums) }),
  // The gradient is another sum of the same kind, from the output's rows to the table's.
  backward: ({ dSums }, { from, to, factors, size }) => ({
    dTable: addUp(engine, dSums, { from: to, to: from, factors, rows: size }),
  }),
});

function addUp(engine: CpuEngine, x: TensorInfo, { from, to, factors, rows }: RowSums): TensorInfo {
  const width = x.shape[1];
  const values = engine.floats(x);
  const sums = new Float64Array(rows * width);
  for (let n = 0; n < from.length; n++) {
    for (let w = 0; w < width; w++) sums[to[n] * width + w] += factors[n] * values[from[n] * width + w];
  }
  return engine.output([rows, width], Float32Array.from(sums));
}
