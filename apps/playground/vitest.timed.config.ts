import { defineConfig } from 'vitest/config';
import { TIMED, testsOfThePage } from './vitest.config.js';

// When all others have ended, and one file at a time.
export default defineConfig(
  testsOfThePage({ name: '@heed/playground (timed)', include: [TIMED], maxWorkers: 1, sequence: { groupOrder: 1 } }),
);
