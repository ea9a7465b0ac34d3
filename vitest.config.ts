import { notTestedIn } from '@heed/browsers';
import { NOT_TESTED, chromiumToTestIn } from '@heed/chromium';
import { defineConfig } from 'vitest/config';
import { browserProjects } from './agreement/projects.js';

const chromium = chromiumToTestIn();
const notTested = chromium === undefined ? NOT_TESTED : notTestedIn();
if (notTested !== undefined) process.once('exit', () => console.error(`\n${notTested}`));

export default defineConfig({
  test: {
    projects: [
      'packages/*',
      'apps/*',
      'agreement',
      'bench',
      'examples/test',
      ...(chromium ? browserProjects(chromium) : []),
    ],
  },
});
