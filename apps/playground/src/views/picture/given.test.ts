import { expect, test } from 'vitest';
import { chosenFiles } from '../../parts/dropped-files.js';
import { given } from './given.js';

const files = (...names: string[]) => chosenFiles(names.map((name) => new File([], name)));

test('one file that is of no model is a picture, whatever it is called', () => {
  const [png, text] = [files('a.PNG'), files('text')];
  expect(given(png)).toEqual({ picture: png[0]!.file });
  expect(given(text)).toEqual({ picture: text[0]!.file });
});

test('files of a model are one, with all that came with them', () => {
  const run = files('Model.SAFETENSORS', 'run.json', 'loss.svg');
  expect(given(run)).toEqual({ model: run });
  expect(given(files('run.zip'))).toHaveProperty('model');
});

test.each([[[]], [['a.png', 'b.png']]])('refuses %j', (names) => {
  expect(() => given(files(...names))).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
});
