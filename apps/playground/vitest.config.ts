import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// The end-to-end tests are of the built page, in a real browser that computes graphics in software.
export default defineConfig({
  plugins: [svelte()],
  test: {
    name: '@heed/playground',
    // Last and by itself: some tests look at the time.
    sequence: { groupOrder: 2 },
    maxWorkers: 1,
    globalSetup: ['test/build-page.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A page computes before it shows.
    expect: { poll: { timeout: 30_000 } },
  },
});
