import { clear, createStore, entries, get, setMany, type UseStore } from 'idb-keyval';
import type { TrainFacts, TrainReport, TrainSettings } from '../engine/jobs.js';

/** A kept training: its settings and reports, which the page shows. */
export interface KeptTraining {
  readonly settings: TrainSettings;
  readonly facts: TrainFacts;
  /** Text that the model answers during the training; an empty one is an example of the data. */
  readonly watch: string;
  /** Names of the files that it learns from; none for the page's own words. */
  readonly names: readonly string[];
  readonly reports: readonly TrainReport[];
}

/** Files from which a training continues, by name. */
export type RunFiles = Readonly<Record<string, Uint8Array>>;

/** Version of the format in which trainings are kept; one of another version is forgotten. */
const VERSION = 2;
const ABOUT = 'about';
const FILES = 'files';
const DATA = 'data';
const REPORTS = 'reports';
const LOCK = 'heed-playground-training';

type About = Omit<KeptTraining, 'reports'> & { readonly version: typeof VERSION };

let opened: UseStore | undefined;
/** Store of kept trainings. Throws when the browser blocks storage. */
const store = (): UseStore => (opened ??= createStore('heed-playground', 'training'));

/** Greatest size in bytes of somebody's own files that are kept together with their training. */
export const MOST_KEPT = 20_000_000;

/** Keeps a training instead of the one before, with the files that it learns from. A step is kept as a whole or not at all, even if the page is closed meanwhile. */
export async function keepTraining(
  about: Omit<KeptTraining, 'reports'>,
  files: RunFiles,
  data: readonly File[],
): Promise<void> {
  await clear(store());
  await setMany(
    [
      [ABOUT, { ...about, version: VERSION } satisfies About],
      [FILES, files],
      [DATA, data],
    ],
    store(),
  );
}

/**
 * Keeps a step of the training: its files, and the reports since the step before.
 *
 * @param part number of the step, counted up with each call
 */
export async function keepStep(files: RunFiles, part: number, reports: readonly TrainReport[]): Promise<void> {
  await setMany(
    [
      [FILES, files],
      [[REPORTS, part], reports],
    ],
    store(),
  );
}

/** Training of an earlier visit; undefined when there is none, or when another tab is continuing it. */
export async function recallTraining(): Promise<(KeptTraining & { readonly parts: number }) | undefined> {
  if (!(await holdsLock(() => undefined))) return undefined;
  const all = await entries<IDBValidKey>(store());
  const about = all.find(([key]) => key === ABOUT)?.[1] as About | undefined;
  if (about?.version !== VERSION) return undefined;
  // Keys that are arrays are sorted by their numbers.
  const parts = all.filter(([key]) => Array.isArray(key)).map(([, part]) => part as unknown as readonly TrainReport[]);
  return { ...about, reports: parts.flat(), parts: parts.length };
}

export const recallFiles = (): Promise<RunFiles | undefined> => get<RunFiles>(FILES, store());

/** Files that the kept training learns from. */
export const recallData = (): Promise<readonly File[] | undefined> => get<readonly File[]>(DATA, store());

export const forgetTraining = (): Promise<void> => clear(store());

/** Whether this thread may keep its training: only one thread may at a time, until it ends. */
export const ownTraining = (): Promise<boolean> => holdsLock(() => new Promise(() => undefined));

/** Time in milliseconds within which a page that was left releases its lock. */
const PATIENCE = 3000;

/** Whether the lock was acquired; it is held until the promise of `until` is settled. */
function holdsLock(until: () => Promise<never> | undefined): Promise<boolean> {
  if (!('locks' in navigator)) return Promise.resolve(true); // pages that aren't served over HTTPS
  return new Promise((resolve) => {
    const isHeld = (): Promise<never> | undefined => {
      resolve(true);
      return until();
    };
    navigator.locks.request(LOCK, { signal: AbortSignal.timeout(PATIENCE) }, isHeld).catch(() => resolve(false)); // another tab has it
  });
}
