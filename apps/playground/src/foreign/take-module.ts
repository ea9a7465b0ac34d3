import { HeedError } from '@heed/base';
import { Stopped, type RunningJob } from '../engine/job-worker.js';
import { openFrame } from './frame.js';
import type { ForeignModule } from './jobs.js';

/** Greatest size of a module, in bytes. */
const LARGEST_MODULE = 16 * 2 ** 20;

/** Hosts of this machine, which need no encryption on the way. */
const LOCAL: ReadonlySet<string> = new Set(['localhost', '127.0.0.1']);

/**
 * Reads a module from a file of the reader; nothing of it is run.
 *
 * @throws HeedError FILE_TOO_LARGE before the file is read, FILE_ACCESS, BACKEND_INVALID when it is no text
 */
export async function moduleOfFile(file: File): Promise<ForeignModule> {
  if (file.size > LARGEST_MODULE) throw tooLarge(file.name, file.size);
  const bytes = await file.arrayBuffer().catch((cause: unknown) => {
    throw new HeedError('FILE_ACCESS', {
      message: `${file.name} can't be read: ${String(cause)}`,
      details: { file: file.name },
      cause,
    });
  });
  return asModule(file.name, bytes);
}

/**
 * Address of a module, as the reader typed it.
 *
 * @throws HeedError INVALID_ARGUMENT
 */
export function checkAddress(typed: string): URL {
  const url = URL.canParse(typed.trim()) ? new URL(typed.trim()) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && LOCAL.has(url.hostname))) return url;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${JSON.stringify(typed)} can't be the address of a module`,
    hint: 'it begins with https://, or with http://localhost',
    details: { problem: 'address', told: typed },
  });
}

type FromFrame =
  | { readonly bytes: ArrayBuffer }
  /** Size of what is too large, as far as it was loaded. */
  | { readonly size: number }
  | { readonly failed: string };

/**
 * Fetches a module from an address; nothing of it is run. A frame without this page's rights does it, since the page's own policy lets
 * it reach no other server.
 *
 * The result rejects with HeedError FILE_ACCESS, FILE_TOO_LARGE, or BACKEND_INVALID when it is no text.
 */
export function moduleOfAddress(address: URL): RunningJob<ForeignModule> {
  const { href } = address;
  const { port, close } = openFrame({ src: './fetch-module.html' }, { address: href, most: LARGEST_MODULE });
  let stop = (): void => undefined;
  const answered = new Promise<FromFrame>((resolve, reject) => {
    stop = () => reject(new Stopped('stopped'));
    port.addEventListener('message', ({ data }: MessageEvent<FromFrame>) => resolve(data));
    port.start();
  });
  const result = answered.finally(close).then((answer) => {
    if ('bytes' in answer) return asModule(href, answer.bytes);
    if ('size' in answer) throw tooLarge(href, answer.size);
    throw new HeedError('FILE_ACCESS', {
      message: `${href} can't be loaded: ${answer.failed}`,
      hint: 'its server must let other pages read it (Access-Control-Allow-Origin: *)',
      details: { problem: 'fetch', told: href },
    });
  });
  return { result, stop };
}

/** @throws HeedError BACKEND_INVALID */
function asModule(name: string, bytes: ArrayBuffer): ForeignModule {
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), bytes: bytes.byteLength };
  } catch (cause) {
    throw new HeedError('BACKEND_INVALID', {
      message: `${name} is no text in UTF-8, so it can't be an ES module`,
      details: { problem: 'text', told: name },
      cause,
    });
  }
}

const tooLarge = (file: string, size: number): HeedError =>
  new HeedError('FILE_TOO_LARGE', {
    message: `${file} has ${size} bytes or more, the limit is ${LARGEST_MODULE}`,
    details: { file, size, maxBytes: LARGEST_MODULE },
  });
