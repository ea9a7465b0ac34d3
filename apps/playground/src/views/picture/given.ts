import { HeedError } from '@heed/base';
import type { GivenFile } from '../../parts/dropped-files.js';

/** What somebody gave: a picture, or the files of a captioner. */
type Given = { readonly picture: File } | { readonly model: readonly GivenFile[] };

/** Endings of the files of a model. */
export const OF_A_MODEL: readonly string[] = ['.safetensors', '.json', '.zip'];

/**
 * What the files are, by their names: without a model's file among them, pictures.
 *
 * @throws HeedError FILE_INVALID for nothing, and for several pictures
 */
export function given(files: readonly GivenFile[]): Given {
  const names = files.map(({ file }) => file.name.toLowerCase());
  if (names.some((name) => OF_A_MODEL.some((ending) => name.endsWith(ending)))) return { model: files };
  const [first, ...others] = files;
  if (first !== undefined && others.length === 0) return { picture: first.file };
  throw new HeedError('FILE_INVALID', {
    message: first === undefined ? 'there is no picture' : `these are ${files.length} pictures`,
    hint: 'give one picture at a time: a PNG, JPEG or WebP file',
  });
}
