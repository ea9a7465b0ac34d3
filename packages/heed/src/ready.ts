import {
  HeedError,
  activeBackend,
  checkOptions,
  selectBackend,
  show,
  suggestion,
  type SelectedBackend,
  type OptionNames,
} from '@heed/core';
import { BACKENDS, factoryOf, type BackendName } from './backends.js';

export interface ReadyOptions {
  /** The backend to use: a name, or several, of which the first that can run is taken. */
  readonly backend?: BackendName | readonly BackendName[];
}

/**
 * Makes attention ready to run: loads and selects a backend, unless one is in use that will do.
 *
 * Without a wish, what is in use stays, and otherwise the first of wasm, webgl, webgpu and cpu that can run is taken. With one, what
 * is in use stays if nothing that is preferred to it can run. Calls wait for each other, so it may be called from everywhere.
 *
 * @example
 * await ready();
 * await ready({ backend: 'cpu' });
 * await ready({ backend: ['webgl', 'wasm'] });
 *
 * @returns the backend in use. What `ready` loaded is disposed when it selects another
 * @throws HeedError BACKEND_UNAVAILABLE with every candidate and each of its reasons; UNKNOWN_NAME; UNKNOWN_OPTION; INVALID_ARGUMENT
 */
export async function ready(options: ReadyOptions = {}): Promise<SelectedBackend> {
  const wanted = namesIn(options);
  const turn = last.then(() => (wanted === undefined ? (activeBackend() ?? take(BACKENDS)) : prefer(wanted)));
  last = turn.catch(() => undefined);
  return turn;
}

/** The call before, which the next one waits for: TensorFlow.js has one engine in use. */
let last: Promise<unknown> = Promise.resolve();
/** What this module selected; what others did is theirs. */
let taken: SelectedBackend | undefined;

async function prefer(wanted: readonly BackendName[]): Promise<SelectedBackend> {
  const active = activeBackend();
  const place = wanted.findIndex((name) => name === active?.name);
  if (active === undefined || place < 0) return take(wanted);
  if (place === 0) return active;
  return take(wanted.slice(0, place)).catch((error: unknown) => {
    if (HeedError.isInstance(error, 'BACKEND_UNAVAILABLE')) return active;
    throw error;
  });
}

async function take(names: readonly BackendName[]): Promise<SelectedBackend> {
  const backend = await selectBackend(names.map(factoryOf));
  await taken?.dispose();
  taken = backend;
  return backend;
}

const OPTIONS: OptionNames<ReadyOptions> = { backend: true };

function namesIn(options: ReadyOptions): readonly BackendName[] | undefined {
  checkOptions('ready', options, OPTIONS);
  const { backend } = options;
  if (backend === undefined) return undefined;
  const names: readonly unknown[] = Array.isArray(backend) ? backend : [backend];
  const wrong = names.find((name) => !BACKENDS.includes(name as BackendName));
  if (names.length === 0 || wrong !== undefined) {
    throw new HeedError('UNKNOWN_NAME', {
      message:
        names.length === 0 ? 'ready: the list of backends is empty' : `ready: there is no backend ${show(wrong)}`,
      hint: `${suggestion(String(wrong), BACKENDS, 'the backends are')}; for one of your own, use selectBackend`,
      details: { given: backend, known: BACKENDS },
    });
  }
  return names as readonly BackendName[];
}
