/** Name of the cache, the same as in `build/offline-worker.js`. */
const CACHE = 'heed-playground';

/** Cache with the files of the page that are available without a network. */
export const openKept = (): Promise<Cache> => caches.open(CACHE);

/**
 * Keeps the files of a folder of the page that this thread has loaded, and those that it will load. The service worker does so for
 * pages that it serves; but on a first visit the page and its workers start before it.
 */
export function keepWhatIsLoaded(folder: string): void {
  const keep = async (name: string): Promise<void> => {
    const kept = await openKept();
    if ((await kept.match(name, { ignoreVary: true })) === undefined) await kept.add(name);
  };
  // Each file is kept once, since fetching a file in order to keep it counts as loading it again.
  const seen = new Set<string>();
  new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) {
      if (!name.startsWith(folder) || seen.has(name)) continue;
      seen.add(name);
      // When the disk is full, or the file isn't there, the page works as before.
      keep(name).catch(() => undefined);
    }
  }).observe({ type: 'resource', buffered: true });
}
