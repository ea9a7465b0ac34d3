import { isFirstVisit, KEEPER } from '../offline/first-visit.js';
import { JobWorker } from './job-worker.js';

const start = (): Worker =>
  new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module', name: isFirstVisit ? KEEPER : '' });

/** Worker of what answers at once: formula, model and tasks. */
export const interactiveWorker = new JobWorker(start);
/** Worker of training, which goes on while something else is looked at. */
export const trainingWorker = new JobWorker(start);
/** Worker of comparisons and of the suite, which select backends by themselves. */
export const checkingWorker = new JobWorker(start);
