import { HeedError } from '@heed/base';
import { moduleFiles } from '../embedding/modules.js';
import type { PretrainedFiles } from './pretrained-files.js';

/** The files that a folder may have and that are read here, but for the shards that an index names. */
const NAMES = [
  'config.json',
  'generation_config.json',
  'preprocessor_config.json',
  'processor_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'modules.json',
  'model.safetensors',
  'model.safetensors.index.json',
];

/**
 * The files of a folder by its address, which is fetched from as parts of them are read: servers must answer to `Range`.
 *
 * @throws HeedError FILE_ACCESS
 */
export async function fetchFiles(address: string): Promise<PretrainedFiles> {
  const base = address.endsWith('/') ? address : `${address}/`;
  const files: Record<string, PretrainedFiles[string]> = {};
  const add = async (name: string): Promise<void> => {
    const url = new URL(name, base).href;
    const head = await reach(url, { method: 'HEAD' });
    if (head.status === 404) return;
    const size = Number(head.headers.get('content-length') ?? Number.NaN);
    files[name] = name.endsWith('.json') ? await whole(url) : { size, read: (start, end) => part(url, start, end) };
  };
  await Promise.all(NAMES.map(add));
  await Promise.all((await moduleFiles(files)).map(add));
  const index = files['model.safetensors.index.json'];
  if (index instanceof Uint8Array) {
    const shards = new TextDecoder().decode(index).matchAll(/"([^"/\\]+\.safetensors)"/g);
    await Promise.all([...new Set([...shards].map(([, name]) => name!))].map(add));
  }
  return files;
}

async function whole(url: string): Promise<Uint8Array> {
  return new Uint8Array(await (await reach(url, {})).arrayBuffer());
}

async function part(url: string, start: number, end: number): Promise<Uint8Array> {
  const response = await reach(url, { headers: { Range: `bytes=${start}-${end - 1}` } });
  if (response.status === 206) return new Uint8Array(await response.arrayBuffer());
  throw new HeedError('FILE_ACCESS', {
    message: `${url}: the server gives no parts of files (status ${response.status})`,
    hint: 'fetch the files, and give them by their names',
  });
}

async function reach(url: string, request: RequestInit): Promise<Response> {
  try {
    const response = await fetch(url, request);
    if (response.ok || response.status === 404) return response;
    throw new Error(`status ${response.status}`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeedError('FILE_ACCESS', { message: `${url} can't be fetched: ${reason}`, cause });
  }
}
