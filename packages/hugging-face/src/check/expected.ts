import { HeedError } from '@heed/base';
import { decodeSafetensors, type NumericArray } from '@heed/formats';
import { Config } from '../config.js';
import { camel } from '../files/names.js';
import { isObject, openFile, readJson, type Json, type PretrainedFiles } from '../files/pretrained-files.js';

/** What transformers computed with a folder: its `expected.json` and `expected.safetensors`. */
export interface Expected {
  readonly json: Config;
  readonly tensors: Readonly<Record<string, NumericArray>>;
}

/** @throws HeedError FILE_ACCESS when a folder has no numbers; FILE_INVALID */
export async function readExpected(files: PretrainedFiles): Promise<Expected> {
  const json = await readJson(files, 'expected.json');
  if (json === undefined) {
    throw new HeedError('FILE_ACCESS', {
      message: 'there is no expected.json, with numbers that the model could be held to',
      hint: 'see the folders in vectors/hugging-face',
    });
  }
  const file = openFile(files, 'expected.safetensors');
  const tensors = file === undefined ? {} : decodeSafetensors(await file.read(0, file.size)).tensors;
  return { json: new Config(json, 'expected.json'), tensors };
}

/** The objects of a field that has some by name; none where it is absent. */
export const entriesOf = (config: Config, name: string): readonly (readonly [string, Config])[] =>
  config.has(name)
    ? Object.entries(config.section(name).json)
        .filter((entry): entry is [string, Json] => isObject(entry[1]))
        .map(([key, json]) => [key, new Config(json, `${config.what}: ${name}.${key}`)])
    : [];

/** Objects of a list; none where it is absent. */
export function listOf(config: Config, name: string): readonly Config[] {
  const list = config.json[name] ?? [];
  return Array.isArray(list)
    ? list.filter(isObject).map((json, n) => new Config(json, `${config.what}: ${name}.${n}`))
    : [];
}

/** The values of a run's inputs: numbers, and tensors where there is the name of one. */
export function valuesOf(inputs: Json, tensors: Expected['tensors']): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      camel(name),
      typeof value === 'string' && Object.hasOwn(tensors, value) ? tensors[value] : value,
    ]),
  );
}
