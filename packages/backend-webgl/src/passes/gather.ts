import type { TensorInfo } from '@tensorflow/tfjs-core';
import { tilesOf, type Grid, type TensorGrid } from '../grid.js';
import { eachRow } from '../glsl.js';
import type { Scope } from '../scope.js';

/** A tensor [n, R, C] in tiles, 0 beyond its edges. */
export function gather(scope: Scope, tensor: TensorInfo, shape: readonly [number, number, number]): Grid {
  const [n, rows, columns] = shape;
  const source = scope.tensor(tensor, shape);
  const output = scope.grid(n, tilesOf(rows), tilesOf(columns), 4);
  scope.draw({
    inputs: { X: source },
    integers: { rowsX: rows, columnsX: columns },
    output,
    code: `${gathering('X', source)}
void compute(int n, int r, int c) {
  mat4 x = gatheredX(n, r, c);
  ${eachRow('out# = x[#];')}
}`,
  });
  return output;
}

/** Code of `mat4 gatheredX(n, r, c)`: a tile of tensor X, whose sizes are the integers rowsX and columnsX. */
export function gathering(name: string, { packed }: TensorGrid): string {
  return `${packed ? packedTile(name) : flatTile(name)}
mat4 gathered${name}(int n, int r, int c) {
  mat4 x = whole${name}(n, r, c);
  bvec4 inside = lessThan(4 * c + ivec4(0, 1, 2, 3), ivec4(columns${name}));
  ${eachRow(`x[#] = 4 * r + # < rows${name} ? mix(vec4(0.0), x[#], inside) : vec4(0.0);`)}
  return x;
}`;
}

const packedTile = (name: string): string => `
mat4 whole${name}(int n, int r, int c) {
  ivec2 at = at${name}(n, 2 * r, 2 * c);
  ivec2 below = at;
  down${name}(below);
  vec4 a = texelFetch(${name}0, at, 0), b = texelFetch(${name}0, below, 0);
  right${name}(at);
  right${name}(below);
  vec4 x = texelFetch(${name}0, at, 0), y = texelFetch(${name}0, below, 0);
  return mat4(a.xy, x.xy, a.zw, x.zw, b.xy, y.xy, b.zw, y.zw);
}`;

const flatTile = (name: string): string => `
float one${name}(int at) { return texelFetch(${name}0, spot${name}(at), 0).r; }
mat4 whole${name}(int n, int r, int c) {
  int at = (n * rows${name} + 4 * r) * columns${name} + 4 * c;
  mat4 x;
  ${eachRow(`
  x[#] = vec4(one${name}(at), one${name}(at + 1), one${name}(at + 2), one${name}(at + 3));
  at += columns${name};`)}
  return x;
}`;
