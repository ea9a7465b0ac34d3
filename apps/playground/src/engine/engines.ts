import { isFirstVisit, KEEPER } from '../offline/first-visit.js';
import { JobWorker } from './job-worker.js';

const start = (): Worker =>
  new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module', name: isFirstVisit ? KEEPER : '' });

/** What answers at once: formula, model and tasks. */
export const desk = new JobWorker(start);
/** Training goes on while something else is looked at. */
export const school = new JobWorker(start);
/** Comparisons and the suite, which select backends by themselves. */
export const lab = new JobWorker(start);
