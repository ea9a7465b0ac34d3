import type { LinkError } from './hash.js';
import { firstState, readHash, writeHash } from './hash.js';
import type { State } from './fields.js';

const first = readHash(location.hash);

/** State of the page, which the link in the address bar holds. */
export const app: State = $state('state' in first ? first.state : firstState());

/** Error of the link that the page was opened with. */
export const link: { error: LinkError | undefined } = $state({
  error: 'error' in first ? first.error : undefined,
});

// Milliseconds between changes of the address: browsers refuse more than some hundred in half a minute.
const PAUSE = 300;

/** Fields that make an entry of the history, for Back and Forward; other changes replace the current entry. */
const PLACE = ['view', 'mode', 'task'] as const satisfies readonly (keyof State)[];
const placeOf = (state: State): string => PLACE.map((name) => state[name]).join();

/** Keeps state and address bar equal, and makes entries of the history. To be called once, in a component. */
export function followHash(): void {
  let written = writeHash(app);
  /** Address that will be written when the pause is over. */
  let latest = written;
  let place = placeOf(app);
  const write = (hash: string): void => {
    written = hash;
    history.replaceState(null, '', hash);
  };
  $effect(() => {
    const hash = writeHash(app);
    const here = placeOf(app);
    if (here !== place) {
      if (latest !== written) write(latest); // the last change of the entry that is left
      place = here;
      history.pushState(null, '', hash);
      written = hash;
    }
    latest = hash;
    const timer = setTimeout(() => write(hash), PAUSE);
    return () => clearTimeout(timer);
  });
  $effect(() => {
    const follow = (): void => {
      if (location.hash === written) return;
      const read = readHash(location.hash);
      link.error = 'error' in read ? read.error : undefined;
      Object.assign(app, 'state' in read ? read.state : firstState());
      // This entry exists already, so no new one is made.
      place = placeOf(app);
      written = latest = writeHash(app);
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  });
}

/** Opens the page again in its present state, even if the address bar doesn't have it yet. */
export function reload(): void {
  history.replaceState(null, '', writeHash(app));
  location.reload();
}

/** Address of a state of the page. */
export const linkTo = (state: State): string => `${location.href.replace(/#.*/, '')}${writeHash(state)}`;
