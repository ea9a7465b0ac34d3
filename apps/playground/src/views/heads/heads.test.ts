import { expect, test } from 'vitest';
import { en } from '../../text/en.js';
import { hasToStay, isOff, switched } from './heads.js';

const [first, other] = [
  { layer: 'encoder/0/attention', head: 0 },
  { layer: 'encoder/1/attention', head: 0 },
];

test('a head is switched off, and on again, beside others that stay', () => {
  const both = switched(switched([], first), other);
  expect(both).toEqual([first, other]);
  expect(switched(both, { ...first })).toEqual([other]);
  expect([isOff([other], first), isOff([other], { ...other })]).toEqual([false, true]);
});

test('of the heads whose mean is shown the last one has to stay', () => {
  const layer = { key: 'attention', heads: 2, isShown: true } as const;
  const off = [{ layer: 'attention', head: 0 }, first];
  expect([0, 1].map((head) => hasToStay(off, layer, head))).toEqual([false, true]);
  expect(hasToStay([], layer, 0)).toBe(false);
  expect(hasToStay(off, { ...layer, isShown: false }, 1)).toBe(false);
});

test('layers say what they look at, and one that isn’t known has its name', () => {
  expect(
    [
      'layers/2/attention',
      'encoder/0/attention',
      'decoder/1/self_attention',
      'decoder/0/attention',
      'attention',
      'more/attention',
    ].map(en.heads.layer),
  ).toEqual([
    'Layer 3: from each letter to those before it',
    'Reading, layer 1: from each piece of the input to the others',
    'Writing, layer 2: to what was written before',
    'Writing, layer 1: to the input',
    'Writing: to the input',
    'more/attention',
  ]);
});
