import type { TensorGrid } from '../grid.js';

/**
 * Code of `float numberX(n, r, c)`, one number of a tensor [n, rows, columns], and of `vec4 texelX(n, r, c)`, the four of rows 2r and 2r + 1 and
 * columns 2c and 2c + 1 as a packed tensor has them, 0 where there is none. The sizes are the integers rowsX and columnsX.
 */
export const numbersOf = (name: string, { packed }: TensorGrid): string => `
float number${name}(int n, int r, int c) {
  ${
    packed
      ? `return texelFetch(${name}0, at${name}(n, r >> 1, c >> 1), 0)[(r & 1) * 2 + (c & 1)];`
      : `return texelFetch(${name}0, spot${name}((n * rows${name} + r) * columns${name} + c), 0).r;`
  }
}
vec4 texel${name}(int n, int r, int c) {
  bvec2 inside = bvec2(2 * r + 1 < rows${name}, 2 * c + 1 < columns${name});
  ${
    packed
      ? `vec4 x = texelFetch(${name}0, at${name}(n, r, c), 0);
  if (!inside.y) x.yw = vec2(0.0);
  if (!inside.x) x.zw = vec2(0.0);
  return x;`
      : `int at = (n * rows${name} + 2 * r) * columns${name} + 2 * c;
  vec4 x = vec4(texelFetch(${name}0, spot${name}(at), 0).r, 0.0, 0.0, 0.0);
  if (inside.y) x.y = texelFetch(${name}0, spot${name}(at + 1), 0).r;
  if (inside.x) x.z = texelFetch(${name}0, spot${name}(at + columns${name}), 0).r;
  if (inside.x && inside.y) x.w = texelFetch(${name}0, spot${name}(at + columns${name} + 1), 0).r;
  return x;`
  }
}`;
