/// <reference lib="dom" />
import { HeedError } from '@heed/core';
import { eachPiece } from '@heed/core/model-ops';
import type { WasmEngine } from './engine.js';

/** A function that works in the heap and is given addresses and counts of numbers, nothing else. */
type Loop = (...numbers: number[]) => void;

const made = /* @__PURE__ */ new WeakMap<WasmEngine, ReturnType<typeof createLoops>>();

/** Loops over the numbers of a heap, which move or add what isn't worth a module's function. For an engine they are the same ones each time. */
export function loopsOver(engine: WasmEngine): ReturnType<typeof createLoops> {
  const known = made.get(engine);
  if (known !== undefined) return known;
  const loops = createLoops(engine.memory);
  made.set(engine, loops);
  return loops;
}

function createLoops(memory: WebAssembly.Memory) {
  const words = (): Uint32Array => new Uint32Array(memory.buffer);

  return {
    /** from → to, so many words. */
    copy: (from: number, to: number, count: number) => void words().copyWithin(to / 4, from / 4, from / 4 + count),

    /** So many words become 0. */
    clear: (to: number, count: number) => void words().fill(0, to / 4, to / 4 + count),

    /** An update [B, …, T, …] to the slots of a cache from `starts` on, one for each batch row. */
    scatter(update: number, cache: number, axis: number, steps: number, rank: number, ...shapeAndStarts: number[]) {
      const shape = shapeAndStarts.slice(0, rank);
      const starts = Int32Array.from(shapeAndStarts.slice(rank));
      const all = words();
      eachPiece(shape, { axis, steps, starts, inPlace: true }, (from, to, count) => {
        const at = update / 4 + from;
        all.copyWithin(cache / 4 + to, at, at + count);
      });
    },

    /**
     * Pieces of `piece` words each to where they follow each other. The first is at `from`; there are `size[n]` of them along axis n, `stride[n]`
     * words apart.
     */
    gatherPieces(from: number, to: number, piece: number, axes: number, ...sizesAndStrides: number[]) {
      const all = words();
      let total = piece;
      for (let n = 0; n < axes; n++) total *= sizesAndStrides[n]!;
      for (let done = 0; done < total; done += piece) {
        let at = from / 4;
        for (let n = axes - 1, index = done / piece; n >= 0; n--) {
          const size = sizesAndStrides[n]!;
          at += (index % size) * sizesAndStrides[axes + n]!;
          index = Math.floor(index / size);
        }
        all.copyWithin(to / 4 + done, at, at + piece);
      }
    },

    /** `count` pieces of `piece` words, which follow each other, to places that are `stride` words apart. */
    spreadPieces(from: number, to: number, piece: number, count: number, stride: number) {
      const all = words();
      for (let n = 0; n < count; n++) {
        const at = from / 4 + n * piece;
        all.copyWithin(to / 4 + n * stride, at, at + piece);
      }
    },

    /** Rows of a table of `rows`, `width` words each, by their numbers. */
    gatherRows(table: number, rows: number, width: number, ids: number, to: number, count: number) {
      const all = words();
      for (let n = 0; n < count; n++) {
        const id = all[ids / 4 + n]!;
        if (id >= rows) throw noRow(id, rows);
        const at = table / 4 + id * width;
        all.copyWithin(to / 4 + n * width, at, at + width);
      }
    },
  } satisfies Readonly<Record<string, Loop>>;
}

const noRow = (id: number, rows: number): HeedError =>
  new HeedError('INVALID_ARGUMENT', {
    message: `gather: there is no row ${id | 0} in a table of ${rows}`,
    details: { row: id | 0, rows },
  });
