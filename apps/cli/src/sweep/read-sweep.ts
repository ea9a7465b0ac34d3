import { resolve } from 'node:path';
import { HeedError } from '@heed/base';
import { readBytes } from '../io/files.js';
import { assertExportsObject } from '../config/default-export.js';
import { defaultOf, reasonOf } from '../config/load-config.js';
import type { Sweep } from './definition.js';
import { checkSweep } from './schema.js';

/**
 * Runs a sweep's file, a module whose default export is the sweep, and checks what it says.
 *
 * @throws HeedError FILE_ACCESS where there is none; CONFIG_INVALID for whatever else is wrong with it
 */
export async function readSweep(file: string): Promise<Sweep> {
  await readBytes(file, MOST_BYTES); // what can't be read is told as such, and not by a module loader
  let exported: unknown;
  try {
    ({ exported } = await defaultOf(resolve(file)));
  } catch (error) {
    throw new HeedError('CONFIG_INVALID', { message: `${file}: ${reasonOf(error)}`, cause: error });
  }
  assertExportsObject(file, exported, "export default { task: 'g2p', grid: { … }, seeds: [1, 2, 3] }");
  return checkSweep(file, exported);
}

// A sweep is written by hand.
const MOST_BYTES = 2 ** 20;
