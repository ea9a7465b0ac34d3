import type { DotProductAttentionRequest } from '@heed/core';
import { TANH } from '../wgsl/functions.js';
import type { Pairing } from './pairing.js';

/** cap(Σ scale·q·k). The query is scaled first, so that no sum overflows where the score doesn't. */
export const dotProduct = ({ scale, softCap }: DotProductAttentionRequest): Pairing => ({
  code: softCap === null ? UNCAPPED : TANH + CAPPED,
  inputs: {},
  floats: { scale, ...(softCap !== null && { softCap }) },
  setUp: '',
  own: (vector) => `u.scale * ${vector}`,
  isLong: false,
  term: (own, other) => `dot(${own}, ${other})`,
  gradient: (_, other) => ({ before: '', vector: `u.scale * ${other}` }),
});

export const UNCAPPED = `
fn capped(product: f32) -> f32 { return product; }
fn slopeOfCap(product: f32) -> f32 { return 1.0; }`;

/** A ratio that is too small for a float may be taken for 0: far below the cap the score is what it is. */
const CAPPED = `
fn capped(product: f32) -> f32 {
  return select(u.softCap * tangent(product / u.softCap), product, abs(product) < 1e-4 * u.softCap);
}
fn slopeOfCap(product: f32) -> f32 { return slopeOfTangent(product / u.softCap); }`;
