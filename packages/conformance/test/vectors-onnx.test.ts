import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { loadOnnxFolder } from '../src/node.js';
import { runOnnx } from '../src/onnx/index.js';
import { backends } from './backends.js';
import { expectAllPassed } from './onnx-expectation.js';

const folder = fileURLToPath(new URL('../../../vectors/onnx/node/', import.meta.url));

describe.each(backends)("ONNX's backend node tests of Attention on $name", (factory) => {
  it('all 46 pass', async () => expectAllPassed(await runOnnx(factory, await loadOnnxFolder(folder))));
});
