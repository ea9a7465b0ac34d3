import { HeedError } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { contextLost } from './context-loss.js';
import type { Draw, Pass } from './draw.js';
import type { WebglEngine } from './engine.js';
import { widthOf, type Grid, type TensorGrid } from './grid.js';

/** What one call of a kernel makes: outputs, which are the caller's unless the call fails, and all else, which goes back. */
export class Scope {
  readonly #engine: WebglEngine;
  readonly #draw: Draw;
  readonly #outputs: TensorInfo[] = [];
  readonly #textures: WebGLTexture[] = [];
  readonly #scratch = new Map<Grid, readonly TensorInfo[]>();
  readonly #copies: TensorInfo[] = [];

  /** What an array of scores may take at a time. */
  readonly scratchBytes: number;

  private constructor(engine: WebglEngine, draw: Draw, scratchBytes: number) {
    this.#engine = engine;
    this.#draw = draw;
    this.scratchBytes = scratchBytes;
  }

  static run<T>(engine: WebglEngine, draw: Draw, scratchBytes: number, kernel: (scope: Scope) => T): T {
    if (engine.isLost()) throw contextLost();
    const scope = new Scope(engine, draw, scratchBytes);
    try {
      const outputs = kernel(scope);
      if (engine.isLost()) throw contextLost();
      return outputs;
    } catch (error) {
      for (const tensor of scope.#outputs) engine.release(tensor);
      throw engine.isLost() && !HeedError.isInstance(error) ? contextLost(error) : error;
    } finally {
      for (const grid of scope.#scratch.keys()) scope.free(grid);
      for (const tensor of scope.#copies) engine.release(tensor);
      for (const texture of scope.#textures) engine.gl.deleteTexture(texture);
    }
  }

  draw(pass: Pass): void {
    this.#draw(pass);
  }

  /** New textures, of unknown contents. */
  grid(n: number, rows: number, columns: number, sheets: number): Grid {
    const texels = n * rows * columns;
    const width = widthOf(texels, columns, this.#engine.largestTexture);
    const height = Math.ceil(texels / width);
    const tensors = Array.from({ length: sheets }, () => this.#engine.create([2 * height, 2 * width], 'packed'));
    const grid = {
      sheets: tensors.map((tensor) => this.#engine.texture(tensor).texture),
      n,
      rows,
      columns,
      width,
      height,
      offset: 0,
    };
    this.#scratch.set(grid, tensors);
    return grid;
  }

  /** Gives grids back before the end of the call; what is drawn next may have their textures. */
  free(...grids: readonly (Grid | undefined)[]): void {
    for (const grid of grids) {
      for (const tensor of (grid && this.#scratch.get(grid)) ?? []) this.#engine.release(tensor);
      if (grid) this.#scratch.delete(grid);
    }
  }

  /** A tensor to read as [n, rows, columns], in whichever layout it is; its last two axes are those. */
  tensor(tensor: TensorInfo, [n, rows, columns]: readonly [number, number, number]): TensorGrid {
    const packedFor = this.#engine.upload(tensor, [n, rows, columns]);
    const [packedRows, packedColumns] = [1, 1, ...packedFor].slice(-2);
    const texture = this.#engine.texture(tensor);
    if (!texture.packed || packedRows !== rows || packedColumns !== columns) return this.flat(tensor);
    const { sheets, ...rest } = located(texture);
    return { ...rest, sheets, tensor, packed: true, n, rows: Math.ceil(rows / 2), columns: Math.ceil(columns / 2) };
  }

  /** A tensor to read one number a texel: a single row of them. */
  flat(tensor: TensorInfo): TensorGrid {
    this.#engine.upload(tensor);
    let readable = tensor;
    if (this.#engine.texture(tensor).packed) this.#copies.push((readable = this.#engine.unpacked(tensor)));
    return { ...located(this.#engine.texture(readable)), tensor, packed: false };
  }

  /** A new tensor of the caller's, to be written packed as [n, rows, columns], its last two axes. */
  output(shape: readonly number[]): TensorGrid {
    const tensor = this.#engine.create(shape, 'packed');
    this.#outputs.push(tensor);
    const [rows, columns] = [1, ...shape].slice(-2) as [number, number];
    const n = shape.slice(0, -2).reduce((product, length) => product * length, 1);
    const where = located(this.#engine.texture(tensor));
    return { ...where, tensor, packed: true, n, rows: Math.ceil(rows / 2), columns: Math.ceil(columns / 2) };
  }

  /** A new tensor of the caller's, to be written one number a texel. */
  flatOutput(shape: readonly number[]): TensorGrid {
    const tensor = this.#engine.create(shape, 'flat');
    this.#outputs.push(tensor);
    const size = shape.reduce((product, length) => product * length, 1);
    return { ...located(this.#engine.texture(tensor)), tensor, packed: false, columns: size };
  }

  /** A tensor whose texture may be overwritten, packed as [n, rows, columns]: undefined where others share it, or where it lies otherwise. */
  overwritable(tensor: TensorInfo, shape: readonly [number, number, number]): TensorGrid | undefined {
    if (!this.#engine.isAlone(tensor)) return undefined;
    const grid = this.tensor(tensor, shape);
    return grid.packed && grid.offset === 0 ? grid : undefined;
  }

  /** A tensor once more, as an output. */
  again(tensor: TensorInfo): TensorInfo {
    const output = this.#engine.again(tensor);
    this.#outputs.push(output);
    return output;
  }

  /** Gives back an output that isn't one after all. */
  discard({ tensor }: TensorGrid): void {
    this.#outputs.splice(this.#outputs.indexOf(tensor), 1);
    this.#engine.release(tensor);
  }

  /** Numbers for a shader that are too many for uniforms: four a texel. */
  numbers(values: readonly number[]): Grid {
    const { gl, largestTexture } = this.#engine;
    const texels = Math.max(1, Math.ceil(values.length / 4));
    const width = Math.min(texels, largestTexture);
    const height = Math.ceil(texels / width);
    const data = new Float32Array(width * height * 4);
    data.set(values);
    const texture = gl.createTexture();
    this.#textures.push(texture);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, width, height, 0, gl.RGBA, gl.FLOAT, data);
    return { sheets: [texture], n: 1, rows: 1, columns: texels, width, height, offset: 0 };
  }
}

function located({ texture, width, height, offset }: ReturnType<WebglEngine['texture']>): Grid {
  return { sheets: [texture], n: 1, rows: 1, columns: width * height, width, height, offset };
}
