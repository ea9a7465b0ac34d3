import { app } from '../state/app.svelte.js';
import { keep, recall } from '../state/keep.js';
import { STEPS, TOUR } from './steps.js';

const KEY = 'heed-tour';

let at: number | undefined = $state();
// Who comes by a link wants to see what it leads to, and who knows the tour has decided.
let isOffered = $state(location.hash === '' && recall(KEY) === null);

/** The tour of a minute: where it is, and whether a first visit is offered it. */
export const tour = {
  /** Index of the step; undefined when there is no tour. */
  get at(): number | undefined {
    return at;
  },
  get isOffered(): boolean {
    return isOffered && at === undefined;
  },
  go(step: number): void {
    tour.decide();
    at = step;
    Object.assign(app, STEPS[TOUR[step]].shows);
  },
  leave(): void {
    at = undefined;
  },
  /** Remembers that the reader has been asked. */
  decide(): void {
    isOffered = false;
    keep(KEY, 'asked');
  },
};
