import { readFile } from 'node:fs/promises';
import { models } from '@heed/models';
import { decodePicture } from '@heed/pictures';
import { tasks } from '@heed/tasks';
import { expect, test } from 'vitest';
import { samplePictures } from '../../../scripts/sample-pictures.mjs';
import listed from './samples/samples.json';
import { OF_PICTURES } from './shipped.js';

test('sample pictures are those of the test sets, and small', async () => {
  const samples = await samplePictures();
  expect(listed).toEqual(samples.map(({ picture: _picture, ...facts }) => facts));
  expect(new Set(samples.map(({ name }) => name)).size).toBe(samples.length);
  let bytes = 0;
  for (const { name, picture } of samples) {
    const file = await readFile(new URL(`samples/${name}.png`, import.meta.url));
    bytes += file.length;
    expect(await decodePicture(file), name).toEqual(picture);
  }
  expect(bytes).toBeLessThan(60_000);
});

test('of the shipped models, the one of pictures has this view, and the others the view Tasks', () => {
  const ofPictures = Object.keys(tasks).filter((name) => tasks[name].pictures !== undefined);
  expect(Object.keys(models).filter((name) => ofPictures.includes(name) && name !== OF_PICTURES)).toEqual([]);
  expect(ofPictures).toContain(OF_PICTURES);
});
