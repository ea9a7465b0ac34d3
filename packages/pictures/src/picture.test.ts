import { expect, it } from 'vitest';
import { flatten } from './flatten.js';
import { pictureOf, rgbaOf, rgbOf } from './picture.js';

it('takes what a canvas gives', () => {
  const data = Uint8ClampedArray.of(1, 2, 3, 4, 5, 6, 7, 8);
  expect(pictureOf({ width: 2, height: 1, data })).toEqual({
    width: 2,
    height: 1,
    channels: 4,
    data: Uint8Array.from(data),
  });
});

it('makes numbers bytes', () => {
  expect(Array.from(pictureOf({ width: 4, height: 1, data: [-3, 0.6, 254.7, 300] }).data)).toEqual([0, 1, 255, 255]);
});

it('gives colours with alpha and without', () => {
  const greyAndAlpha = { width: 2, height: 1, data: [9, 0, 7, 128] };
  expect(Array.from(rgbOf(greyAndAlpha).data)).toEqual([9, 9, 9, 7, 7, 7]);
  expect(Array.from(rgbaOf(greyAndAlpha).data)).toEqual([9, 9, 9, 0, 7, 7, 7, 128]);
  expect(Array.from(rgbaOf({ width: 1, height: 1, data: [1, 2, 3] }).data)).toEqual([1, 2, 3, 255]);
});

it('lays a picture on a background', () => {
  const picture = { width: 3, height: 1, data: [200, 100, 0, 255, 200, 100, 0, 0, 200, 100, 0, 51] };
  expect(Array.from(flatten(picture, [10, 20, 30]).data)).toEqual([200, 100, 0, 10, 20, 30, 48, 36, 24]);
  expect(Array.from(flatten({ width: 1, height: 1, data: [5] }).data)).toEqual([5, 5, 5]);
});

it('refuses what is no picture, and what is no colour', () => {
  const refusedAs = (code: string, wrong: () => unknown): void =>
    expect(wrong).toThrow(expect.objectContaining({ code }));
  for (const wrong of [
    undefined,
    null,
    {},
    { width: 0, height: 1, data: [] },
    { width: 2 ** 20, height: 2 ** 20, data: [] },
  ]) {
    refusedAs('INVALID_ARGUMENT', () => pictureOf(wrong as never));
  }
  refusedAs('SHAPE_MISMATCH', () => rgbOf({ width: 2, height: 1, data: [1, 2, 3] }));
  for (const colour of [[1, 2], [1, 2, 256], 'white']) {
    refusedAs('INVALID_ARGUMENT', () => flatten({ width: 1, height: 1, data: [5] }, colour as never));
  }
});
