import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Tests train for some seconds, which takes longer on a busy machine.
  test: { name: '@heed/agreement (node)', include: ['node/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
