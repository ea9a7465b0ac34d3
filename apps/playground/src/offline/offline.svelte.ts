import { openKept } from './kept-files.js';

/** State of the page's offline use: how much of it is available without a network. */
export const offline: {
  /** Size in bytes of the files that aren't kept yet; undefined while it is unknown, or when nothing can be kept. */
  missing: number | undefined;
  /** Share of the files that has been loaded, from 0 to 1, while all of them are being loaded. */
  share: number | undefined;
  error: boolean;
} = $state({ missing: undefined, share: undefined, error: false });

type Sizes = ReadonlyMap<string, number>;

/** Registers the service worker. When that isn't possible, the page works, but not offline. */
export async function workOffline(): Promise<void> {
  try {
    await navigator.serviceWorker.register('./offline-worker.js');
    await navigator.serviceWorker.ready;
    addEventListener('online', () => void look());
    await look();
  } catch {
    // The page works as without a service worker.
  }
}

/** Finds out again how much isn't kept; without a network it stays unknown. */
export async function look(): Promise<void> {
  const sizes = await missingFiles().catch(() => undefined);
  if (sizes !== undefined) offline.missing = [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

let abort: AbortController | undefined;

/** Loads and keeps all files of the page that aren't kept yet. */
export async function keepAll(): Promise<void> {
  abort = new AbortController();
  const { signal } = abort;
  offline.error = false;
  offline.share = 0;
  try {
    const files = await missingFiles();
    const total = [...files.values()].reduce((sum, size) => sum + size, 0);
    const kept = await openKept();
    let done = 0;
    for (const [url, size] of files) {
      const response = await fetch(url, { signal });
      if (!response.ok) throw new Error(`HTTP status ${response.status}`);
      await kept.put(url, response);
      done += size;
      offline.share = done / total;
    }
  } catch {
    offline.error = !signal.aborted;
  } finally {
    offline.share = undefined;
    await look();
  }
}

export const stopKeeping = (): void => abort?.abort();

/** Sizes in bytes of the files that aren't kept, by address. */
async function missingFiles(): Promise<Sizes> {
  const response = await fetch('./offline-files.json');
  const sizes = (await response.json()) as Readonly<Record<string, number>>;
  const kept = new Set((await (await openKept()).keys()).map(({ url }) => url));
  const all = Object.entries(sizes).map(([file, size]) => [new URL(file, document.baseURI).href, size] as const);
  return new Map(all.filter(([url]) => !kept.has(url)));
}
