import type { Dropout } from '@heed/core';
import { DROPOUT } from '../glsl.js';

/** Uniforms and code of `vec4 dropoutFactors(row, j, keys)`; a factor of 1 without dropout. */
export function dropoutPart(dropout: Dropout | null): {
  readonly integers: Readonly<Record<string, number>>;
  readonly floats: Readonly<Record<string, number>>;
  readonly code: string;
} {
  if (dropout === null) {
    return { integers: {}, floats: {}, code: 'vec4 dropoutFactors(int row, int j, int keys) { return vec4(1.0); }' };
  }
  const { rate, seed } = dropout;
  const word = (x: number): number => Math.floor(x % 2 ** 32) | 0;
  return {
    integers: { seedLow: word(seed), seedHigh: word(seed / 2 ** 32), dropThreshold: word(rate * 2 ** 32) },
    floats: { dropScale: 1 / (1 - rate) },
    code: DROPOUT,
  };
}
