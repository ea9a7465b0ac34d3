import type { Dropout } from '@heed/core';
import type { Pass } from '../pass.js';

/**
 * The first word of Philox 4×32-10 for counter (low, high, 0, 0), and weights' factors. Products of 32 bits are put together from
 * those of 16.
 *
 * @see Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"
 */
const PHILOX = `
fn upperProduct(a: u32, b: u32) -> u32 {
  let al = a & 0xffffu;
  let ah = a >> 16u;
  let bl = b & 0xffffu;
  let bh = b >> 16u;
  let middle = ah * bl + ((al * bl) >> 16u);
  let other = al * bh + (middle & 0xffffu);
  return ah * bh + (middle >> 16u) + (other >> 16u);
}
fn philox(low: u32, high: u32) -> u32 {
  var c = vec4u(low, high, 0u, 0u);
  var k = vec2u(u32(u.seedLow), u32(u.seedHigh));
  for (var round = 0; round < 10; round++) {
    c = vec4u(upperProduct(0xcd9e8d57u, c.z) ^ c.y ^ k.x, 0xcd9e8d57u * c.z, upperProduct(0xd2511f53u, c.x) ^ c.w ^ k.y, 0xd2511f53u * c.x);
    k += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c.x;
}
fn dropoutFactor(row: i32, j: i32) -> f32 {
  let low = u32(row) * u32(u.keys);
  let index = low + u32(j);
  let high = upperProduct(u32(row), u32(u.keys)) + select(0u, 1u, index < low);
  return select(0.0, u.dropScale, philox(index, high) >= u32(u.dropThreshold));
}`;

/** Uniforms and code of `dropoutFactor(row, j)`, which needs the uniform `keys`; a factor of 1 without dropout. */
export function dropoutPart(dropout: Dropout | null): Required<Pick<Pass, 'integers' | 'floats' | 'code'>> {
  if (dropout === null) {
    return { integers: {}, floats: {}, code: 'fn dropoutFactor(row: i32, j: i32) -> f32 { return 1.0; }' };
  }
  const { rate, seed } = dropout;
  const word = (x: number): number => Math.floor(x % 2 ** 32) | 0;
  return {
    integers: { seedLow: word(seed), seedHigh: word(seed / 2 ** 32), dropThreshold: word(rate * 2 ** 32) },
    floats: { dropScale: 1 / (1 - rate) },
    code: PHILOX,
  };
}
