import type { TensorInfo } from '@tensorflow/tfjs-core';
import { TANH } from '../wgsl/functions.js';
import { UNCAPPED } from './dot-product.js';
import type { Pairing } from './pairing.js';
import { each, row, rowReading } from './tiles.js';

/** Σ vector·tanh(q + k). */
export const additive = (vector: TensorInfo, units: number): Pairing => ({
  code: `${TANH}
fn tangents(x: vec4f) -> vec4f { return vec4f(tangent(x.x), tangent(x.y), tangent(x.z), tangent(x.w)); }
${rowReading('A', units)}
${UNCAPPED}`,
  inputs: { A: vector },
  floats: {},
  setUp: `${row('w', units)} ${each(units, 'w[d] = readA(0, d);')}`,
  own: (vector) => vector,
  isLong: true,
  term: (own, other) => `dot(w[d], tangents(${own} + ${other}))`,
  gradient: (own, other) => ({ before: `let t = tangents(${own} + ${other});`, vector: 'w[d] * (1.0 - t * t)' }),
  common: 't',
});
