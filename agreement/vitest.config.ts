import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Training for a few seconds must not fail on a machine that is busy.
  test: { name: '@heed/agreement (node)', include: ['node/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
