import { conv2dSizes, type Conv2dAttributes, type Conv2dSizes, type ModelKernels } from '@heed/core/model-ops';
import type { CpuEngine } from '../engine.js';
import { matrixProduct } from '../matrix-product.js';
import type { MatrixView } from '../panels.js';
import type { Workspace } from '../workspace.js';
import { addWindows, takeWindows, type Places } from './windows.js';

/** As products with what the filter sees at each place, some rows of places at a time. */
export const conv2d = (engine: CpuEngine, workspace: Workspace): Required<NonNullable<ModelKernels['conv2d']>> => ({
  forward({ x, filter }, attributes) {
    const sizes = conv2dSizes(x.shape, filter.shape, attributes);
    const { batch, rows, columns, filters } = sizes;
    const [values, factors] = [engine.floats(x), engine.floats(filter)];
    const y = new Float32Array(batch * rows * columns * filters);
    eachBand(sizes, attributes, (places, windows, depth, seen) => {
      takeWindows(values, windows, places);
      const at = places.first * columns * filters;
      const product = { rows: seen, columns: filters, depth };
      matrixProduct(rowsOf(windows, depth), columnsOf(factors, filters), product, y, at, workspace);
    });
    return { y: engine.output([batch, rows, columns, filters], y) };
  },

  backward({ x, filter, dY }, attributes) {
    const sizes = conv2dSizes(x.shape, filter.shape, attributes);
    const { columns, filters } = sizes;
    const [values, factors, slopes] = [x, filter, dY].map((tensor) => engine.floats(tensor)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const [dX, dFilter, part] = [values, factors, factors].map(({ length }) => new Float32Array(length)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    eachBand(sizes, attributes, (places, windows, depth, seen) => {
      const ofBand = places.first * columns * filters;
      takeWindows(values, windows, places);
      const ofFilter = { rows: depth, columns: filters, depth: seen };
      matrixProduct(columnsOf(windows, depth), columnsOf(slopes, filters, ofBand), ofFilter, part, 0, workspace);
      for (let n = 0; n < dFilter.length; n++) dFilter[n] += part[n];
      const ofWindows = { rows: seen, columns: depth, depth: filters };
      matrixProduct(rowsOf(slopes, filters, ofBand), rowsOf(factors, filters), ofWindows, windows, 0, workspace);
      addWindows(windows, dX, places);
    });
    return { dX: engine.output(x.shape, dX), dFilter: engine.output(filter.shape, dFilter) };
  },
});

/** A matrix by its rows of `width` numbers, or by its columns. */
const rowsOf = (data: Float32Array, width: number, start = 0): MatrixView => ({
  data,
  start,
  laneStride: width,
  depthStride: 1,
});
const columnsOf = (data: Float32Array, width: number, start = 0): MatrixView => ({
  data,
  start,
  laneStride: 1,
  depthStride: width,
});

/** Numbers of windows that are in use at a time: 1 MB, which the second-level cache nearly holds. */
const BAND = 2 ** 18;

/** Calls back with bands of rows of places, room of zeros for their windows, their depth K·L·C and their number. */
function eachBand(
  sizes: Conv2dSizes,
  attributes: Conv2dAttributes,
  use: (places: Places, windows: Float32Array, depth: number, seen: number) => void,
): void {
  const { batch, rows, columns, filterHeight, filterWidth, channels } = sizes;
  const depth = filterHeight * filterWidth * channels;
  const all = batch * rows;
  const most = Math.min(all, Math.max(1, Math.floor(BAND / (columns * depth))));
  const windows = new Float32Array(most * columns * depth);
  for (let first = 0; first < all; first += most) {
    const count = Math.min(most, all - first);
    windows.fill(0);
    use({ ...sizes, ...attributes, first, count }, windows, depth, count * columns);
  }
}
