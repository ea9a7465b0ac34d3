import { HeedError } from '@heed/base';
import type { CaptionFiles } from './captions.js';
import type { OwnFolder } from './own-data.js';

/**
 * Captions and their pictures among the files of somebody's own data.
 *
 * @throws HeedError INVALID_ARGUMENT for more tables than one
 */
export function captionFilesOf({ data, validation = [], test = [], beside = [] }: OwnFolder): CaptionFiles {
  const tables = [...data, ...validation, ...test];
  if (tables.length === 1) return { captions: tables[0], pictures: beside };
  throw new HeedError('INVALID_ARGUMENT', {
    message: `captions are read from one table, and there are ${tables.length}: ${tables.map(({ name }) => name).join(', ')}`,
    hint: 'put all rows into one; validation and test are parts of it',
    details: { tables: tables.map(({ name }) => name) },
  });
}
