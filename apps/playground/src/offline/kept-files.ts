/** As `build/offline-worker.js` calls it. */
const CACHE = 'heed-playground';

/** The files of the page that are there without a network. */
export const openKept = (): Promise<Cache> => caches.open(CACHE);

/**
 * Keeps what this thread has loaded from a folder of the page, and loads from now on. For a page that it serves, the service worker
 * does so; on a first visit the page and the workers that it starts are there before it.
 */
export function keepWhatIsLoaded(folder: string): void {
  const keep = async (name: string): Promise<void> => {
    const kept = await openKept();
    if ((await kept.match(name, { ignoreVary: true })) === undefined) await kept.add(name);
  };
  // Once each: to fetch a file for keeping it is to load it.
  const seen = new Set<string>();
  new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) {
      if (!name.startsWith(folder) || seen.has(name)) continue;
      seen.add(name);
      // Where the disk is full, or the file was not there, the page works as before.
      keep(name).catch(() => undefined);
    }
  }).observe({ type: 'resource', buffered: true });
}
