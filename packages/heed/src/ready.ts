import { HeedError, activeBackend, selectBackend, type AttentionBackend } from '@heed/core';
import { BACKENDS, lazy, type BackendName } from './backends.js';

export interface ReadyOptions {
  /** The backend to use: a name, or several, of which the first that can run is taken. */
  readonly backend?: BackendName | readonly BackendName[];
}

/**
 * Makes attention ready to run: loads and selects a backend, unless one is in use that will do.
 *
 * Without a wish, what is in use stays, and otherwise the first of wasm, webgl and cpu that can run is taken. With one, what
 * is in use stays if nothing that is preferred to it can run. Calls wait for each other, so it may be called from everywhere.
 *
 * @example
 * await ready();
 * await ready({ backend: 'cpu' });
 * await ready({ backend: ['webgl', 'wasm'] });
 *
 * @returns the backend in use. What `ready` loaded is disposed when it selects another
 * @throws HeedError BACKEND_UNAVAILABLE with every candidate and each of its reasons; UNKNOWN_NAME; INVALID_ARGUMENT
 */
export async function ready(options: ReadyOptions = {}): Promise<AttentionBackend> {
  const wanted = checkOptions(options);
  const turn = last.then(() => (wanted === undefined ? (activeBackend() ?? take(BACKENDS)) : prefer(wanted)));
  last = turn.catch(() => undefined);
  return turn;
}

/** The call before, which the next one waits for: TensorFlow.js has one engine in use. */
let last: Promise<unknown> = Promise.resolve();
/** What this module selected; what others did is theirs. */
let taken: AttentionBackend | undefined;

async function prefer(wanted: readonly BackendName[]): Promise<AttentionBackend> {
  const active = activeBackend();
  const place = wanted.findIndex((name) => name === active?.name);
  if (active === undefined || place < 0) return take(wanted);
  if (place === 0) return active;
  return take(wanted.slice(0, place)).catch((error: unknown) => {
    if (HeedError.isInstance(error, 'BACKEND_UNAVAILABLE')) return active;
    throw error;
  });
}

async function take(names: readonly BackendName[]): Promise<AttentionBackend> {
  const backend = await selectBackend(names.map(lazy));
  await taken?.dispose();
  taken = backend;
  return backend;
}

const OPTION = `the option is 'backend', as in ready({ backend: '${BACKENDS[0]}' })`;

function checkOptions(options: ReadyOptions): readonly BackendName[] | undefined {
  if (typeof options !== 'object' || options === null) {
    throw new HeedError('INVALID_ARGUMENT', { message: `ready: its options are ${String(options)}`, hint: OPTION });
  }
  const { backend, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `ready: there is no option '${unknown}'`,
      hint: OPTION,
      details: { options: Object.keys(others) },
    });
  }
  if (backend === undefined) return undefined;
  const names: readonly unknown[] = Array.isArray(backend) ? backend : [backend];
  const wrong = names.find((name) => !BACKENDS.includes(name as BackendName));
  if (wrong !== undefined || names.length === 0) {
    throw new HeedError('UNKNOWN_NAME', {
      message:
        names.length === 0 ? 'ready: the list of backends is empty' : `ready: there is no backend '${String(wrong)}'`,
      hint: `one of ${BACKENDS.join(', ')}, or several, the preferred first; for a backend of your own, selectBackend`,
      details: { given: backend, known: BACKENDS },
    });
  }
  return names as readonly BackendName[];
}
