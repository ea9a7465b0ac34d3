import { WEBGPU_FLAGS } from '@heed/chromium';
import { benchInPage } from './in-page/bench-in-page.js';
import { CASES } from './webgpu/cases.js';

await benchInPage({
  engine: 'webgpu',
  description:
    '@heed/backend-webgpu against TensorFlow.js and onnxruntime-web, side by side in a page of headless Chromium under SwiftShader',
  cases: CASES,
  flags: WEBGPU_FLAGS,
});
