import { describe, expect, test } from 'vitest';
import { folderOf } from './folder.js';

const given = (...paths: readonly string[]) =>
  paths.map((path) => ({ path, file: new File([path], path.split('/').at(-1)!) }));

describe('folderOf', () => {
  test('files by their paths in the folder that has the configuration', () => {
    const files = folderOf(given('bert/config.json', 'bert/model.safetensors', 'bert/1_Pooling/config.json'));
    expect(Object.keys(files).toSorted()).toEqual(['1_Pooling/config.json', 'config.json', 'model.safetensors']);
  });

  test('a folder in the one that was given, and nothing beside it', () => {
    const files = folderOf(given('models/README.json', 'models/bert/config.json', 'models/bert/tokenizer.json'));
    expect(Object.keys(files)).toEqual(['config.json', 'tokenizer.json']);
  });

  test('files that were given by themselves; without a configuration too, which the loader says', () => {
    expect(Object.keys(folderOf(given('config.json', 'model.safetensors')))).toEqual([
      'config.json',
      'model.safetensors',
    ]);
    expect(Object.keys(folderOf(given('a/model.safetensors')))).toEqual(['model.safetensors']);
  });

  test('refuses several models', () => {
    expect(() => folderOf(given('a/config.json', 'b/config.json'))).toThrowError(/several models: a, b/);
  });
});
