/** Why a file of the page doesn't come: the page is an old one, whose files are gone; or there is no network. */
export type Missing = 'outdated' | 'offline';

/** Codes of problems that a file which doesn't come may be behind. */
export const MAY_BE_MISSING: ReadonlySet<string> = new Set(['FILE_ACCESS', 'UNEXPECTED']);

/** Undefined where the files of this page are as they were. */
export async function whyMissing(): Promise<Missing | undefined> {
  const entry = document.querySelector('script[type=module][src]')?.getAttribute('src');
  if (entry == null) return undefined;
  try {
    // By a name that the service worker leaves to the network.
    const response = await fetch('./index.html', { cache: 'no-store' });
    return !response.ok || (await response.text()).includes(entry) ? undefined : 'outdated';
  } catch {
    return 'offline';
  }
}
