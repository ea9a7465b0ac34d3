import { open, stat } from 'node:fs/promises';
import { HeedError } from '@heed/base';
import type { ByteSource } from './safetensors-file.js';

/**
 * A file whose bytes are read part by part when something asks for them.
 *
 * @throws HeedError FILE_ACCESS, here and when a part is read
 */
export async function openBytes(path: string): Promise<ByteSource> {
  const { size } = await reach(path, () => stat(path));
  return { size, read: (start, end) => reach(path, () => readPart(path, start, end)) };
}

async function readPart(path: string, start: number, end: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(end - start);
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at);
      if (bytesRead === 0) return bytes.subarray(0, at);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/**
 * What an access to a file or folder gives.
 *
 * @throws HeedError FILE_ACCESS with the path and the reason
 */
export async function reach<Result>(
  path: string,
  access: () => Promise<Result>,
  done: 'read' | 'written' = 'read',
): Promise<Result> {
  try {
    return await access();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeedError('FILE_ACCESS', { message: `${path} can't be ${done}: ${reason}`, cause });
  }
}
