import { WEBGPU_FLAGS } from '@heed/chromium';
import { benchInPage } from './in-page/bench-in-page.js';
import { CASES } from './webgpu/cases.js';

await benchInPage({
  engine: 'webgpu',
  description:
    '@heed/backend-webgpu against TensorFlow.js and onnxruntime-web, side by side in a page of headless Chromium under SwiftShader',
  cases: CASES,
  // A processor takes longer for what peers compute than the browser waits for a graphics card before it ends it.
  flags: [...WEBGPU_FLAGS, '--disable-gpu-watchdog'],
});
