import { svelte } from '@sveltejs/vite-plugin-svelte';
import { configDefaults, defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** Tests that measure time, which run last and alone: vitest.timed.config.ts. */
export const TIMED = 'test/timed.e2e.test.ts';

/** What tests of the page share. Those from end to end are of the built page, in a real browser that computes graphics in software. */
export const testsOfThePage = (test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration => ({
  plugins: [svelte()],
  test: {
    globalSetup: ['test/build-page.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // A page computes before it shows.
    expect: { poll: { timeout: 60_000 } },
    ...test,
  },
});

export default defineConfig(testsOfThePage({ name: '@heed/playground', exclude: [...configDefaults.exclude, TIMED] }));
