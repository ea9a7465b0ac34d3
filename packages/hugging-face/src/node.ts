import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { openBytes, reach } from '@heed/formats/node';
import { checkPretrained, type CheckPretrainedOptions, type PretrainedReport } from './check/check-pretrained.js';
import { moduleFiles } from './embedding/modules.js';
import type { PretrainedFiles } from './files/pretrained-files.js';
import { loadPretrained, MOST_BYTES, type LoadPretrainedOptions } from './load-pretrained.js';
import type { PretrainedModel } from './model.js';

/**
 * The model of a folder. Unless `maxBytes` says otherwise, it may take what memory the machine has free, and 4 GiB at most.
 *
 * @throws HeedError FILE_ACCESS for what can't be read, and as `loadPretrained`
 */
export async function loadPretrainedFolder(
  path: string,
  options: LoadPretrainedOptions = {},
): Promise<PretrainedModel> {
  return loadPretrained(await filesOf(path), { maxBytes: Math.min(MOST_BYTES, availableMemory()), ...options });
}

/** Bytes that a process can still have here; in a container less than the machine has free. */
const availableMemory = (): number => process.availableMemory?.() ?? freemem();

/**
 * Writes the files of a model, or of an adapter, into a folder, which is made where there is none; files of the same names are replaced, each
 * once it is written whole.
 *
 * @throws HeedError FILE_ACCESS, and as `save`
 */
export async function savePretrainedFolder(
  model: { save(): Promise<Readonly<Record<string, Uint8Array>>> },
  path: string,
): Promise<void> {
  const files = await model.save();
  await reach(path, () => mkdir(path, { recursive: true }), 'written');
  for (const [name, bytes] of Object.entries(files)) {
    const file = join(path, name);
    const write = async (): Promise<void> => {
      await writeFile(`${file}.part`, bytes);
      await rename(`${file}.part`, file);
    };
    await reach(file, write, 'written');
  }
}

/**
 * How a folder agrees with the numbers in its `expected.json`.
 *
 * @throws HeedError as `checkPretrained`
 */
export function checkPretrainedFolder(path: string, options: CheckPretrainedOptions = {}): Promise<PretrainedReport> {
  return checkPretrained((inside) => filesOf(join(path, inside)), options);
}

/**
 * The files of a folder, and those in it that its `modules.json` asks for, which are read part by part when something asks for them.
 *
 * @throws HeedError FILE_ACCESS
 */
export async function filesOf(path: string): Promise<PretrainedFiles> {
  const entries = await reach(path, () => readdir(path, { withFileTypes: true }));
  // Weights in caches are links to files.
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const opened = async (names: readonly string[]): Promise<PretrainedFiles> =>
    Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await openBytes(join(path, name))] as const)),
    );
  const files = await opened(names);
  return { ...files, ...(await opened(await moduleFiles(files))) };
}
