import { derivativeOf, Evaluator, type HookPart } from '@heed/core';
import { compileRow, type RowFunction, type Wanted } from './hook-compiler.js';
import { LEFT, rowStart } from './tile.js';

interface Lengths {
  readonly queries: number;
  readonly keys: number;
}

/** A hook over tiles: row by row through a function that is compiled where that is allowed. */
export class HookRows {
  readonly #lengths: Lengths;
  readonly #captures: Float32Array;
  readonly #dCaptures: Float64Array;
  readonly #layout: Int32Array;
  readonly #run: RowFunction;

  /** @param dCaptures where gradients are summed up: then the rows are gradients */
  constructor(part: HookPart, captures: Float32Array | undefined, lengths: Lengths, dCaptures?: Float64Array) {
    this.#lengths = lengths;
    this.#captures = captures ?? new Float32Array(0);
    this.#dCaptures = dCaptures ?? new Float64Array(0);
    this.#layout = Int32Array.from(part.captures.flatMap(({ start, shape }) => [start, ...shape]));
    const wanted = dCaptures === undefined ? resultOf(part) : gradientsOf(part);
    this.#run = compileRow(wanted) ?? interpretRow(wanted, part, this.#captures);
  }

  /**
   * Goes over queries [i0, i0 + rows) and keys [j0, j0 + cols) of a tile. `output` may be `input`.
   *
   * @returns whether all results are finite
   */
  run(
    input: Float64Array,
    output: Float64Array,
    [batch, head, i0, rows, j0, cols]: readonly [number, number, number, number, number, number],
  ): boolean {
    const { queries: Tq, keys: Tk } = this.#lengths;
    const data = {
      input,
      output,
      captures: this.#captures,
      dCaptures: this.#dCaptures,
      layout: this.#layout,
    };
    let finite = true;
    for (let r = 0; r < rows; r++) {
      const place = { at: rowStart(r), step: LEFT, cols, batch, head, query: i0 + r, key: j0, Tq, Tk };
      if (!this.#run(place, data)) finite = false;
    }
    return finite;
  }
}

function resultOf({ program: { steps, result }, captures }: HookPart): Wanted {
  return { steps, result, reads: [], skipsZeros: false, captures: layoutsOf(captures) };
}

function gradientsOf({ program, captures }: HookPart): Wanted {
  const { steps, input, reads } = derivativeOf(program);
  return { steps, result: input, reads, skipsZeros: true, captures: layoutsOf(captures) };
}

function layoutsOf(captures: HookPart['captures']): Wanted['captures'] {
  let layout = 0;
  return captures.map(({ shape }) => {
    const own = { layout, rank: shape.length };
    layout += 1 + shape.length;
    return own;
  });
}

/** The same without code of strings, and slower. */
function interpretRow({ steps, result, reads, skipsZeros }: Wanted, part: HookPart, packed: Float32Array): RowFunction {
  const results = [
    ...(result === undefined ? [] : [result]),
    ...reads.flatMap(({ read, gradient }) => [read, gradient]),
  ];
  const evaluator = new Evaluator(steps, results, part.captures, packed);
  return ({ at: start, step, cols, key: first, ...place }, { input, output, dCaptures }) => {
    let finite = true;
    for (let n = 0, at = start; n < cols; n++, at += step) {
      if (skipsZeros && output[at] === 0) continue;
      evaluator.run({ ...place, key: first + n }, input[at], output[at]);
      for (const { read, gradient } of reads) {
        const to = evaluator.placeOf(read);
        if (to >= 0) dCaptures[to] += evaluator.values[gradient];
      }
      const y = result === undefined ? 0 : evaluator.values[result];
      if (!(Math.abs(y) <= 3.4e38)) finite = false;
      output[at] = y;
    }
    return finite;
  };
}
