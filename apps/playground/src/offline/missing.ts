/** Reason why a file of the page can't be loaded: 'outdated', the server has a new version; 'offline', there is no network. */
export type Missing = 'outdated' | 'offline';

/** Codes of errors that a file which doesn't come may be behind. */
export const MAY_BE_MISSING: ReadonlySet<string> = new Set(['FILE_ACCESS', 'UNEXPECTED']);

/** Reason why a file is missing; undefined when the server still has this version of the page. */
export async function whyMissing(): Promise<Missing | undefined> {
  const entry = document.querySelector('script[type=module][src]')?.getAttribute('src');
  if (entry == null) return undefined;
  try {
    // The service worker passes requests for this name to the network.
    const response = await fetch('./index.html', { cache: 'no-store' });
    return !response.ok || (await response.text()).includes(entry) ? undefined : 'outdated';
  } catch {
    return 'offline';
  }
}
