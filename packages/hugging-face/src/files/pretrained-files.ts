import { HeedError } from '@heed/base';
import type { ByteSource } from '@heed/formats';

/** Files of a folder by their names: bytes, a `Blob` such as a file that was dropped, or what gives parts of its bytes. */
export type PretrainedFiles = Readonly<Record<string, Uint8Array | Blob | ByteSource>>;

/** A file of a folder that is read part by part; undefined when it isn't there. */
export function openFile(files: PretrainedFiles, name: string): ByteSource | undefined {
  if (!Object.hasOwn(files, name)) return undefined;
  const file = files[name]!;
  if (file instanceof Uint8Array) return { size: file.length, read: async (start, end) => file.subarray(start, end) };
  if (typeof Blob !== 'undefined' && file instanceof Blob) {
    return { size: file.size, read: async (start, end) => new Uint8Array(await file.slice(start, end).arrayBuffer()) };
  }
  return file as ByteSource;
}

// A tokenizer of a million tokens has some 30 MB of JSON.
const LARGEST_JSON = 2 ** 28;

/** A JSON object, as the files beside the weights are. */
export type Json = Readonly<Record<string, unknown>>;

/**
 * The object in a JSON file of a folder; undefined when it isn't there.
 *
 * @throws HeedError FILE_INVALID when it is no JSON object; FILE_TOO_LARGE
 */
export async function readJson(files: PretrainedFiles, name: string): Promise<Json | undefined> {
  const file = openFile(files, name);
  if (file === undefined) return undefined;
  if (file.size > LARGEST_JSON) {
    throw new HeedError('FILE_TOO_LARGE', {
      message: `${name} has ${file.size} bytes, the limit is ${LARGEST_JSON}`,
      details: { name, bytes: file.size },
    });
  }
  const bytes = await file.read(0, file.size);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new HeedError('FILE_INVALID', { message: `${name} is not JSON`, details: { name }, cause });
  }
  if (!isObject(value)) throw new HeedError('FILE_INVALID', { message: `${name} is not a JSON object` });
  return value;
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
