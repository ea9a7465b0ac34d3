import { expect, it } from 'vitest';
import { checkOptions, nearestName, show, suggestion, type OptionNames } from './options.js';

interface Options {
  readonly left?: number;
  readonly right?: number;
}

it('the names are those of the type, no fewer and no more, or the compiler says so', () => {
  const names: OptionNames<Options> = { left: true, right: true };
  // @ts-expect-error one is missing
  const fewer: OptionNames<Options> = { left: true };
  // @ts-expect-error one is too many
  const more: OptionNames<Options> = { left: true, right: true, up: true };
  expect([names, fewer, more].map((all) => Object.keys(all).length)).toEqual([2, 1, 3]);
  expect(() => checkOptions('f', { left: 1, right: undefined }, names)).not.toThrow();
});

it.each([
  ['casual', 'causal'],
  ['isCausal', 'causal'],
  ['soft_cap', 'softCap'],
  ['SOFTCAP', 'softCap'],
  ['length', 'lengths'],
  ['numHeads', 'heads'],
  ['sede', 'seed'],
  ['before', undefined],
  ['x', undefined],
])('the name that was meant by %s', (given, meant) => {
  expect(nearestName(given, ['causal', 'softCap', 'lengths', 'heads', 'keyHeads', 'seed', 'scale'])).toBe(meant);
});

it('a slip in a long name is likelier than a short name in it', () => {
  expect(nearestName('scaled-dot-prodct', ['dot', 'scaled-dot-product', 'general'])).toBe('scaled-dot-product');
});

it('a hint names the nearest and all', () => {
  expect(suggestion('lft', ['left', 'right'], 'the options are')).toBe(
    "did you mean 'left'? the options are left, right",
  );
  expect(suggestion('lft', [], 'the options are')).toBe('there are none');
});

it('values in a few words', () => {
  expect(['a', null, undefined, NaN, [1, 2], {}, Math.max, () => 1].map(show)).toEqual([
    "'a'",
    'null',
    'undefined',
    'NaN',
    'an array of 2',
    'an object',
    'the function max',
    'a function',
  ]);
  expect(show('x'.repeat(100))).toHaveLength(63);
});
