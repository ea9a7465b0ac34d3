import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { loadOnnxFolder } from '@heed/onnx/node';
import { runOnnx } from '@heed/onnx';
import { loadAnywhere } from '@heed/backends/composed';
import { ONNX_FOLDERS, expectAllPassed } from '../onnx-expectation.js';

const backends = await loadAnywhere();

const folder = (name: string): string => fileURLToPath(new URL(`../../vectors/${name}/`, import.meta.url));

describe.each(backends)("ONNX's backend node tests on $name", (factory) => {
  it.each(Object.entries(ONNX_FOLDERS))('%s: all %d pass', async (name, count) => {
    expectAllPassed(await runOnnx(factory, await loadOnnxFolder(folder(name))), count);
  });
});
