import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { HeedError } from '@heed/core';
import type { OnnxFiles } from '../onnx-case.js';
import type { OnnxSource } from '../run-onnx.js';

// The largest of ONNX's attention tests is a few kilobytes. Decoding takes several times a file's size.
const LARGEST_FILE = 2 ** 26;
// Attention has seven inputs.
const MOST_FILES = 64;

const MODEL = 'model.onnx';

/**
 * The cases of a folder as ONNX lays out its backend node tests: a folder a case, in it `model.onnx` and any number of
 * `test_data_set_N` with `input_N.pb` and `output_N.pb`. A folder that holds a model itself is one case. Files are read,
 * and found fault with, when a case runs; plain files beside the cases are left alone.
 *
 * @throws HeedError FILE_ACCESS when the folder can't be read, FILE_INVALID when it holds no cases
 */
export async function loadOnnxFolder(dir: string): Promise<readonly OnnxSource[]> {
  const names = await list(dir);
  if (names.includes(MODEL)) return [{ id: basename(resolve(dir)), read: () => readCase(dir) }];
  const cases: OnnxSource[] = [];
  for (const id of names.filter((name) => !name.startsWith('.')).toSorted()) {
    const path = join(dir, id);
    if (await isFolder(path)) cases.push({ id, read: () => readCase(path) });
  }
  if (cases.length === 0) {
    throw new HeedError('FILE_INVALID', {
      message: `'${dir}' holds no cases`,
      hint: `a folder for each case, with ${MODEL} and test_data_set_0 in it`,
    });
  }
  return cases;
}

async function readCase(path: string): Promise<readonly OnnxFiles[]> {
  const name = basename(resolve(path));
  const entries = await list(path);
  if (!entries.includes(MODEL)) throw invalid(`${name} has no ${MODEL}`);
  const model = await read(join(path, MODEL));
  const sets = numbered(entries, /^test_data_set_(\d+)$/);
  if (sets.length === 0) throw invalid(`${name} has no test_data_set_0`);
  const files: OnnxFiles[] = [];
  for (const set of sets) {
    const folder = join(path, set);
    const names = await list(folder);
    const all = async (kind: string): Promise<Uint8Array[]> => {
      const found = numbered(names, new RegExp(`^${kind}_(\\d+)\\.pb$`));
      if (found.length > MOST_FILES) throw invalid(`${name}/${set} has ${found.length} ${kind}s`);
      const missing = found.findIndex((file, n) => file !== `${kind}_${n}.pb`);
      if (missing >= 0) throw invalid(`${name}/${set}/${kind}_${missing}.pb is missing`);
      const contents: Uint8Array[] = [];
      for (const file of found) contents.push(await read(join(folder, file)));
      return contents;
    };
    files.push({
      name: sets.length > 1 ? `${name}/${set}` : name,
      model,
      inputs: await all('input'),
      outputs: await all('output'),
    });
  }
  return files;
}

/** The names of a pattern, in the order of their numbers. */
function numbered(names: readonly string[], pattern: RegExp): string[] {
  const numberOf = (name: string): number => Number(pattern.exec(name)![1]);
  return names.filter((name) => pattern.test(name)).toSorted((a, b) => numberOf(a) - numberOf(b));
}

/** What isn't a plain file (a pipe, a device) is refused before it is opened: reading it might never end. */
async function read(path: string): Promise<Uint8Array> {
  return accessing(path, async () => {
    const { size, isPlain } = await stat(path).then((stats) => ({ size: stats.size, isPlain: stats.isFile() }));
    if (!isPlain) throw invalid(`${path} is not a file`);
    if (size > LARGEST_FILE) {
      throw new HeedError('FILE_TOO_LARGE', { message: `${path} has ${size} bytes, more than ${LARGEST_FILE}` });
    }
    return await readFile(path);
  });
}

const list = (path: string): Promise<string[]> => accessing(path, () => readdir(path));

async function isFolder(path: string): Promise<boolean> {
  // A link to nowhere is no case.
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function accessing<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (HeedError.isInstance(cause)) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw new HeedError('FILE_ACCESS', {
      message: `${path} can't be read: ${code === 'ENOENT' ? 'it is not there' : (code ?? String(cause))}`,
      cause,
    });
  }
}

function invalid(message: string): HeedError {
  return new HeedError('FILE_INVALID', { message });
}
