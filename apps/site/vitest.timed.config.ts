import { defineConfig } from 'vitest/config';
import { TIMED, testsOfTheSite } from './vitest.config.js';

// When all others have ended, and one file at a time.
export default defineConfig(
  testsOfTheSite({ name: '@heed/site (timed)', include: [TIMED], maxWorkers: 1, sequence: { groupOrder: 1 } }),
);
