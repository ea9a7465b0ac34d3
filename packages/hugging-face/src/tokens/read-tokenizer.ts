import { readJson, type PretrainedFiles } from '../files/pretrained-files.js';
import { Tokenizer } from './tokenizer.js';

/**
 * The tokenizer of a folder; undefined where it has no `tokenizer.json`.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE
 */
export async function readTokenizer(files: PretrainedFiles): Promise<Tokenizer | undefined> {
  const json = await readJson(files, 'tokenizer.json');
  return json && new Tokenizer(json, await readJson(files, 'tokenizer_config.json'));
}
