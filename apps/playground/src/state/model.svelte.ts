import { g2p } from '@heed/models';
import type { HeadPlace } from '@heed/networks';
import type { ModelFacts } from '../engine/jobs.js';
import { interactiveWorker } from '../engine/workers.js';
import { plainError } from '../engine/plain-error.js';
import type { PlainError } from '../engine/protocol.js';
import { Stopped } from '../engine/job-worker.js';
import { app } from './app.svelte.js';
import { generation } from './backend.svelte.js';
import { fetchBytes } from './fetch-bytes.js';

type Files = Readonly<Record<string, Uint8Array>>;

let facts: ModelFacts | undefined = $state.raw();
let source: 'bundled' | 'own' = $state('bundled');
let loading = $state(false);
let share: number | undefined = $state();
/** Heads of the model that are switched off. */
let off: readonly HeadPlace[] = $state.raw([]);
let loadError: PlainError | undefined = $state();
/** Number of models that were loaded, on which effects depend that ask the model again. */
let version = $state(0);

/** Files that were loaded last, for a worker that was restarted. */
let files: Files | undefined;
let holder = -1;
let abort: AbortController | undefined;

/** The model that both views use: the bundled one, until the reader loads another. */
export const model = {
  get facts() {
    return facts;
  },
  get source() {
    return source;
  },
  get loading() {
    return loading;
  },
  get share() {
    return share;
  },
  get error() {
    return loadError;
  },
  get version() {
    return version;
  },
  get off() {
    return off;
  },
  set off(places) {
    off = places;
  },
  stop(): void {
    abort?.abort();
  },
  again(): void {
    loadError = undefined;
    void load(files);
  },
  /** Loads the reader's own files; the present model stays when they can't be read or are refused. */
  async take(own: Promise<Files>): Promise<void> {
    await load(own, 'own');
  },
  async bundled(): Promise<void> {
    files = undefined;
    await load(undefined, 'bundled');
  },
};

/** Whether the model is loaded; if not, it starts to load, and an effect that calls this runs again afterwards. */
export function needModel(): boolean {
  void version;
  const isThere = facts !== undefined && holder === generation.count;
  if (!isThere && !loading && loadError === undefined) queueMicrotask(() => void load(files));
  return isThere;
}

/** Loads the given files, or the bundled model. Files of the reader win, even if the bundled model is still being loaded. */
async function load(given: Files | Promise<Files> | undefined, from: 'bundled' | 'own' = source): Promise<void> {
  abort?.abort();
  const own = new AbortController();
  abort = own;
  loading = true;
  share = undefined;
  const { count } = generation;
  try {
    const next = await (given ?? fetchBundled(own.signal));
    // Another model may have been asked for while this one was being loaded.
    if (abort !== own) return;
    const result = await interactiveWorker.run('load', { backend: app.backend, files: next }).result;
    if (abort !== own) return;
    facts = result;
    if (files !== next) off = []; // they were those of another model
    files = next;
    source = from;
    holder = count;
    loadError = undefined;
    version++;
  } catch (error) {
    if (abort === own && !(error instanceof Stopped)) loadError = plainError(error);
  } finally {
    if (abort === own) loading = false;
  }
}

async function fetchBundled(signal: AbortSignal): Promise<Files> {
  const [bytes, info] = await Promise.all([
    fetchBytes(g2p.model, signal, (done) => (share = done)),
    fetchBytes(g2p.info, signal),
  ]);
  return { 'model.safetensors': bytes, 'run.json': info };
}
