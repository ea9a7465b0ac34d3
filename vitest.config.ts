import { NOT_TESTED, chromiumToTestIn } from '@heed/chromium';
import { defineConfig } from 'vitest/config';
import { browserProjects } from './browser/projects.js';

const chromium = chromiumToTestIn();
if (chromium === undefined) process.once('exit', () => console.error(`\n${NOT_TESTED}`));

export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/*', 'bench', 'examples/test', ...(chromium ? browserProjects(chromium) : [])],
  },
});
