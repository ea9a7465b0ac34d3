import type { DotProductAttentionRequest } from '@heed/core';
import { expect, test } from 'vitest';
import { Random } from '../test/random.js';
import { dotProductForward } from './dot-product-forward.js';
import { areFew } from './few-queries.js';
import { Workspace } from './workspace.js';

const [KEYS, WIDTH, QUERIES] = [131, 20, 8];

const request = (queries: number, overrides: Partial<DotProductAttentionRequest> = {}): DotProductAttentionRequest => ({
  op: 'dotProductAttention',
  batch: 1,
  heads: 1,
  keyHeads: 1,
  queries,
  keys: KEYS,
  width: WIDTH,
  valueWidth: WIDTH,
  scale: 0.3,
  softCap: null,
  mask: {},
  bias: {},
  dropout: null,
  scoreHook: null,
  maskHook: null,
  weightHook: null,
  returnWeights: false,
  ...overrides,
});

const random = new Random(7);
const query = random.floats(QUERIES * WIDTH);
const key = random.floats(KEYS * WIDTH);
const value = random.floats(KEYS * WIDTH);
const mask = Uint8Array.from({ length: KEYS }, (_, j) => (j % 5 === 2 ? 0 : 1));
/** The same with NaN in a key and a value that the mask hides. */
const [spoiledKey, spoiledValue] = [key, value].map((numbers) => numbers.slice().fill(NaN, 2 * WIDTH, 3 * WIDTH)) as [
  Float32Array,
  Float32Array,
];

test.each([
  ['all keys', {}, { key, value }],
  ['a mask', { mask: { dense: [1, 1, 1, KEYS] as const } }, { key, value, mask }],
  ['lengths', { mask: { lengths: Int32Array.of(50) } }, { key, value }],
  ['a soft cap', { softCap: 2 }, { key, value }],
])('a query has the same bits alone, with keys in place, and among many, with %s', (_, overrides, arrays) => {
  const workspace = new Workspace();
  const many = request(QUERIES, overrides);
  expect(areFew(many)).toBe(false);
  const all = dotProductForward({ query, ...arrays }, many, workspace).context;
  for (const few of [1, 2, 3, 4]) {
    const asked = request(few, overrides);
    expect(areFew(asked)).toBe(true);
    const { context } = dotProductForward({ query, ...arrays }, asked, workspace);
    expect(context).toEqual(all.subarray(0, few * WIDTH));
  }
});

test('what a mask hides may be NaN', () => {
  const workspace = new Workspace();
  const asked = request(2, { mask: { dense: [1, 1, 1, KEYS] } });
  const { context } = dotProductForward({ query, key, value, mask }, asked, workspace);
  const spoiled = dotProductForward({ query, key: spoiledKey, value: spoiledValue, mask }, asked, workspace).context;
  for (const [n, x] of spoiled.entries()) expect(x).toBeCloseTo(context[n]!, 6);
  const seen = dotProductForward({ query, key, value: spoiledValue }, request(2), workspace).context;
  expect([...seen].every(Number.isNaN)).toBe(true);
});
