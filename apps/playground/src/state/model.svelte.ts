import { g2p } from '@heed/models';
import type { ModelFacts } from '../engine/jobs.js';
import { desk } from '../engine/engines.js';
import { problemOf } from '../engine/problem.js';
import type { Problem } from '../engine/protocol.js';
import { Stopped } from '../engine/client.js';
import { app } from './app.svelte.js';
import { generation } from './backend.svelte.js';
import { fetchBytes } from './fetch-bytes.js';

type Files = Readonly<Record<string, Uint8Array>>;

let facts: ModelFacts | undefined = $state.raw();
let source: 'bundled' | 'own' = $state('bundled');
let loading = $state(false);
let share: number | undefined = $state();
let problem: Problem | undefined = $state();
/** Counts models that were loaded, so that what depends on the model asks again. */
let version = $state(0);

/** What was loaded last, for a worker that was restarted. */
let files: Files | undefined;
let holder = -1;
let abort: AbortController | undefined;

/** The model that both views use: the bundled one, until the reader brings another. */
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
  get problem() {
    return problem;
  },
  get version() {
    return version;
  },
  stop(): void {
    abort?.abort();
  },
  again(): void {
    problem = undefined;
    void load(files);
  },
  /** Takes the reader's own files; the model before stays when they can't be read or are refused. */
  async take(own: Promise<Files>): Promise<void> {
    await load(own, 'own');
  },
  async bundled(): Promise<void> {
    files = undefined;
    await load(undefined, 'bundled');
  },
};

/** Whether the model is there; if not, it is being loaded, and what calls this in an effect is called again. */
export function needModel(): boolean {
  void version;
  const isThere = facts !== undefined && holder === generation.count;
  if (!isThere && !loading && problem === undefined) queueMicrotask(() => void load(files));
  return isThere;
}

/** What the reader brings counts, also while the bundled model is still on its way. */
async function load(given: Files | Promise<Files> | undefined, from: 'bundled' | 'own' = source): Promise<void> {
  abort?.abort();
  const own = new AbortController();
  abort = own;
  loading = true;
  share = undefined;
  const { count } = generation;
  try {
    const next = await (given ?? fetchBundled(own.signal));
    // Another one may have been asked for when this one had just come.
    if (abort !== own) return;
    const result = await desk.run('load', { backend: app.backend, files: next }).result;
    if (abort !== own) return;
    facts = result;
    files = next;
    source = from;
    holder = count;
    problem = undefined;
    version++;
  } catch (error) {
    if (abort === own && !(error instanceof Stopped)) problem = problemOf(error);
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
