import { benchInPage } from './in-page/bench-in-page.js';
import { CASES } from './webgl/cases.js';
import { SYSTEMS } from './webgl/systems.js';

await benchInPage({
  engine: 'webgl',
  description:
    '@heed/backend-webgl against TensorFlow.js, side by side in a page of headless Chromium under SwiftShader',
  cases: CASES.map(({ name, title, target, rounds }) => ({ name, title, target, rounds, systems: SYSTEMS })),
});
