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

/** Keeps state and address bar the same. To be called once, in a component. */
export function followHash(): void {
  let written = writeHash(app);
  $effect(() => {
    const hash = writeHash(app);
    const timer = setTimeout(() => {
      written = hash;
      history.replaceState(null, '', hash);
    }, PAUSE);
    return () => clearTimeout(timer);
  });
  $effect(() => {
    const follow = (): void => {
      if (location.hash === written) return;
      const read = readHash(location.hash);
      link.problem = 'problem' in read ? read.problem : undefined;
      Object.assign(app, 'state' in read ? read.state : defaultState());
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  });
}

/** The address of what is on the screen. */
export const linkTo = (state: State): string => `${location.href.replace(/#.*/, '')}${writeHash(state)}`;
