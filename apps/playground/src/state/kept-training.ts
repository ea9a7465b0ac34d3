import { clear, createStore, entries, get, setMany, type UseStore } from 'idb-keyval';
import type { TrainReport, TrainSettings } from '../engine/jobs.js';

/** What there is to see of a training. */
export interface KeptTraining {
  readonly settings: TrainSettings;
  readonly facts: { readonly words: number; readonly parameters: number };
  /** Word that is read out on the way. */
  readonly word: string;
  readonly reports: readonly TrainReport[];
}

/** What it is continued from, by name. */
export type RunFiles = Readonly<Record<string, Uint8Array>>;

/** The form of what is kept; what has another one is forgotten, never guessed at. */
const VERSION = 1;
const ABOUT = 'about';
const FILES = 'files';
const REPORTS = 'reports';
const LOCK = 'heed-playground-training';

type About = Omit<KeptTraining, 'reports'> & { readonly version: typeof VERSION };

let opened: UseStore | undefined;
/** Throws where the browser blocks storage. */
const store = (): UseStore => (opened ??= createStore('heed-playground', 'training'));

/** Keeps a training in place of the one before. Whatever happens meanwhile, a step is kept as a whole or not at all. */
export async function keepTraining(about: Omit<KeptTraining, 'reports'>, files: RunFiles): Promise<void> {
  await clear(store());
  await setMany(
    [
      [ABOUT, { ...about, version: VERSION } satisfies About],
      [FILES, files],
    ],
    store(),
  );
}

/** @param part counts the calls */
export async function keepStep(files: RunFiles, part: number, reports: readonly TrainReport[]): Promise<void> {
  await setMany(
    [
      [FILES, files],
      [[REPORTS, part], reports],
    ],
    store(),
  );
}

/** The training of an earlier visit; undefined where there is none, or another tab goes on with it just now. */
export async function recallTraining(): Promise<(KeptTraining & { readonly parts: number }) | undefined> {
  if (!(await holdsLock(() => undefined))) return undefined;
  const all = await entries<IDBValidKey>(store());
  const about = all.find(([key]) => key === ABOUT)?.[1] as About | undefined;
  if (about?.version !== VERSION) return undefined;
  // Arrays are in the order of their numbers.
  const parts = all.filter(([key]) => Array.isArray(key)).map(([, part]) => part as unknown as readonly TrainReport[]);
  return { ...about, reports: parts.flat(), parts: parts.length };
}

export const recallFiles = (): Promise<RunFiles | undefined> => get<RunFiles>(FILES, store());

export const forgetTraining = (): Promise<void> => clear(store());

/** Whether this thread may keep its training: one at a time may, until it ends. */
export const ownTraining = (): Promise<boolean> => holdsLock(() => new Promise(() => undefined));

/** Milliseconds within which a page that was left has let go of its lock. */
const PATIENCE = 3000;

/** Whether the lock was to be had; it is held until what `until` gives is settled. */
function holdsLock(until: () => Promise<never> | undefined): Promise<boolean> {
  if (!('locks' in navigator)) return Promise.resolve(true); // pages that aren't served securely
  return new Promise((resolve) => {
    const isHeld = (): Promise<never> | undefined => {
      resolve(true);
      return until();
    };
    navigator.locks.request(LOCK, { signal: AbortSignal.timeout(PATIENCE) }, isHeld).catch(() => resolve(false)); // another tab trains
  });
}
