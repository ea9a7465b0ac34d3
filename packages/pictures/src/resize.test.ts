import { expect, it } from 'vitest';
import { bytesOf, frontEnds, pictures } from '../test/vectors.js';
import { centerCrop } from './center-crop.js';
import { FILTER_NAMES, type FilterName } from './filters.js';
import { pictureOf, rgbOf } from './picture.js';
import { resize } from './resize.js';

const SOURCE = rgbOf({ ...frontEnds.source, data: bytesOf(frontEnds.source.rgb) });

it.each(frontEnds.resized)('filter $filter makes the $width by $height pixels that Pillow does', (made) => {
  const { data } = resize(SOURCE, made.width, made.height, FILTER_NAMES[made.filter]);
  expect(Array.from(data)).toEqual(Array.from(bytesOf(made.rgb)));
});

it.each(pictures.resized)('$filter makes the $width by $height pixels of $mode that Pillow does', (made) => {
  const picture = pictureOf({ ...made.source, data: bytesOf(made.source.data) });
  const { data } = resize(picture, made.width, made.height, made.filter as FilterName);
  expect(Array.from(data)).toEqual(Array.from(bytesOf(made.data)));
});

it.each(frontEnds.cropped)('the middle $width by $height pixels are transformers’', ({ width, height, rgb }) => {
  expect(Array.from(centerCrop(SOURCE, width, height).data)).toEqual(Array.from(bytesOf(rgb)));
});

it('refuses sizes that no picture has, and filters that there aren’t', () => {
  for (const size of [0, -1, 1.5, Number.NaN, 2 ** 20]) {
    expect(() => resize(SOURCE, size, size)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(() => centerCrop(SOURCE, size, size)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  }
  expect(() => resize(SOURCE, 4, 4, 'linear' as never)).toThrow(expect.objectContaining({ code: 'UNKNOWN_NAME' }));
});
