import { HeedError } from '@heed/base';
import type { GivenFile } from '../../parts/dropped-files.js';

const CONFIG = 'config.json';

/**
 * Files of a model's folder by their paths in it. The folder is the one nearest to what was given that has a config.json: others may lie in
 * it, such as those of a pooling layer. Where none has one, all files count by their names.
 *
 * @throws HeedError FILE_INVALID for folders of several models
 */
export function folderOf(given: readonly GivenFile[]): Readonly<Record<string, File>> {
  const folders = given.filter(({ file }) => file.name === CONFIG).map(({ path }) => path.slice(0, -CONFIG.length));
  const depth = Math.min(...folders.map(depthOf));
  const [root, ...others] = folders.filter((folder) => depthOf(folder) === depth);
  if (root === undefined) return Object.fromEntries(given.map(({ file }) => [file.name, file]));
  if (others.length > 0) {
    const names = [root, ...others].map((folder) => folder.replace(/\/$/, ''));
    throw new HeedError('FILE_INVALID', {
      message: `there are several models: ${names.join(', ')}`,
      hint: 'give the folder of one',
      details: { models: names },
    });
  }
  return Object.fromEntries(
    given.filter(({ path }) => path.startsWith(root)).map(({ file, path }) => [path.slice(root.length), file]),
  );
}

const depthOf = (folder: string): number => folder.split('/').length;
