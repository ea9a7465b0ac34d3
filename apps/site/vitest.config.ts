import { configDefaults, defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** Tests that measure time, which run last and alone: vitest.timed.config.ts. */
export const TIMED = 'test/timed.e2e.test.ts';

/** What tests of the site share: they are of the built pages, in a real browser. */
export const testsOfTheSite = (test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration => ({
  test: { globalSetup: ['test/build-site.ts'], testTimeout: 240_000, hookTimeout: 240_000, ...test },
});

export default defineConfig(testsOfTheSite({ name: '@heed/site', exclude: [...configDefaults.exclude, TIMED] }));
