import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { loadOnnxFolder } from '@heed/onnx/node';
import { runOnnx } from '@heed/onnx';
import { backends } from './backends.js';
import { ONNX_FOLDERS, expectAllPassed } from '../onnx-expectation.js';

const folder = (name: string): string => fileURLToPath(new URL(`../../vectors/${name}/`, import.meta.url));

describe.each(backends)("ONNX's backend node tests on $name", (factory) => {
  it.each(Object.entries(ONNX_FOLDERS))('%s: all %d pass', async (name, count) => {
    expectAllPassed(await runOnnx(factory, await loadOnnxFolder(folder(name))), count);
  });
});
