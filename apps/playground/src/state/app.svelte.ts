import type { LinkProblem } from './hash.js';
import { defaultState, readHash, writeHash } from './hash.js';
import type { State } from './fields.js';

const first = readHash(location.hash);

/** The page's state, which the link in the address bar says. */
export const app: State = $state('state' in first ? first.state : defaultState());

/** What was wrong with the link that the page was opened with. */
export const link: { problem: LinkProblem | undefined } = $state({
  problem: 'problem' in first ? first.problem : undefined,
});

// Browsers refuse more than some hundred changes in half a minute.
const PAUSE = 300;

/** What makes a place, which Back and Forward lead to; whatever else changes, the place is the same. */
const PLACE = ['view', 'mode', 'task'] as const satisfies readonly (keyof State)[];
const placeOf = (state: State): string => PLACE.map((name) => state[name]).join();

/** Keeps state and address bar the same, and a place an entry of the history. To be called once, in a component. */
export function followHash(): void {
  let written = writeHash(app);
  /** What the address is to be, once the pause is over. */
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
      if (latest !== written) write(latest); // of the place that is left
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
      link.problem = 'problem' in read ? read.problem : undefined;
      Object.assign(app, 'state' in read ? read.state : defaultState());
      // It was there before: what follows makes no new entry.
      place = placeOf(app);
      written = latest = writeHash(app);
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  });
}

/** Opens the page anew as it is, also where the address bar hasn't caught up yet. */
export function reload(): void {
  history.replaceState(null, '', writeHash(app));
  location.reload();
}

/** The address of what is on the screen. */
export const linkTo = (state: State): string => `${location.href.replace(/#.*/, '')}${writeHash(state)}`;
