import { util } from '@tensorflow/tfjs-core';
import { conv2dSizes, type Conv2dAttributes, type Conv2dSizes, type ModelKernels } from '@heed/core/model-ops';
import type { WasmEngine } from './engine.js';
import { loopsOver } from './loops.js';
import { withOutputs } from './outputs.js';
import type { Kernels } from './wasm-module.js';

type Functions = Pick<Kernels, 'moveWindows' | 'addNumbers' | 'multiply' | 'matMulScratch'>;

/** Some rows of places of the filter, and room for what it sees there: `seen` windows of `depth` numbers. */
interface Band {
  readonly first: number;
  readonly count: number;
  readonly seen: number;
  readonly depth: number;
  readonly windows: number;
}

/**
 * As products with what the filter sees at each place, some rows of places at a time: all windows at once would be K·L times as large as x. Either
 * gradient is a product with the same windows.
 */
export function conv2d(
  engine: WasmEngine,
  kernels: Functions,
): { readonly conv2d: Required<NonNullable<ModelKernels['conv2d']>> } {
  const { moveWindows, addNumbers } = kernels;
  const loops = loopsOver(engine);

  function product(
    [a, b, c]: readonly [number, number, number],
    [rows, columns, depth]: readonly [number, number, number],
    transposed: { readonly a?: boolean; readonly b?: boolean } = {},
  ): void {
    engine.withScratch(kernels.matMulScratch(0, rows, columns, depth), (scratch) => {
      kernels.matMulScratch(scratch, rows, columns, depth);
      kernels.multiply(a, b, c, rows, columns, depth, Number(transposed.a ?? false), Number(transposed.b ?? false), 0);
    });
  }

  return {
    conv2d: {
      forward: ({ x, filter }, attributes) =>
        withOutputs(engine, (make) => {
          const sizes = conv2dSizes(x.shape, filter.shape, attributes);
          const { batch, rows, columns, filters } = sizes;
          const y = make([batch, rows, columns, filters]);
          inBands(engine, sizes, 0, (band) => {
            const { first, seen, depth, windows } = band;
            moveWindows(engine.address(x), windows, ...places(sizes, attributes, band), TAKE);
            const to = engine.address(y) + 4 * first * columns * filters;
            product([windows, engine.address(filter), to], [seen, filters, depth]);
          });
          return { y };
        }),

      backward: ({ x, filter, dY }, attributes) =>
        withOutputs(engine, (make) => {
          const sizes = conv2dSizes(x.shape, filter.shape, attributes);
          const { columns, filters } = sizes;
          const [dX, dFilter] = [make(x.shape), make(filter.shape)];
          for (const tensor of [dX, dFilter]) {
            engine.call(loops.clear, [engine.address(tensor), util.sizeFromShape(tensor.shape)]);
          }
          const count = util.sizeFromShape(filter.shape);
          inBands(engine, sizes, count, (band, part) => {
            const { first, seen, depth, windows } = band;
            const where = places(sizes, attributes, band);
            const slopes = engine.address(dY) + 4 * first * columns * filters;
            moveWindows(engine.address(x), windows, ...where, TAKE);
            product([windows, slopes, part], [depth, filters, seen], { a: true });
            addNumbers(part, engine.address(dFilter), count);
            product([slopes, engine.address(filter), windows], [seen, depth, filters], { b: true });
            moveWindows(engine.address(dX), windows, ...where, ADD_BACK);
          });
          return { dX, dFilter };
        }),
    },
  };
}

/** Which way the module moves windows. */
const [TAKE, ADD_BACK] = [0, 1];

/** Bytes of windows that are in use at a time: with the product's own panels they stay in the second-level cache (measured). */
const BAND = 2 ** 19;

/** Calls back with bands of rows of places, and with the address of `numbers` numbers besides. */
function inBands(
  engine: WasmEngine,
  sizes: Conv2dSizes,
  numbers: number,
  use: (band: Band, address: number) => void,
): void {
  const { batch, rows, columns, filterHeight, filterWidth, channels } = sizes;
  const depth = filterHeight * filterWidth * channels;
  const all = batch * rows;
  const most = Math.min(all, Math.max(1, Math.floor(BAND / (4 * columns * depth))));
  const bytes = 4 * most * columns * depth;
  engine.withScratch(bytes + 4 * numbers, (windows) => {
    for (let first = 0; first < all; first += most) {
      const count = Math.min(most, all - first);
      use({ first, count, seen: count * columns, depth, windows }, windows + bytes);
    }
  });
}

/** What the module's functions on windows are given after addresses. */
const places = (
  { height, width, channels, filterHeight, filterWidth, rows, columns }: Conv2dSizes,
  { strides, padRows, padColumns }: Conv2dAttributes,
  { first, count }: Band,
): number[] => [
  height,
  width,
  channels,
  filterHeight,
  filterWidth,
  rows,
  columns,
  ...strides,
  padRows[0],
  padColumns[0],
  first,
  count,
];
