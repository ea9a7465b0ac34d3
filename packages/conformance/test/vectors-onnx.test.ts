import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadOnnxFolder } from '../src/node.js';
import { runOnnx } from '../src/onnx/index.js';
import { backends } from './backends.js';

const folder = fileURLToPath(new URL('../../../vectors/onnx/node/', import.meta.url));

describe.each(backends)("ONNX's backend node tests of Attention on $name", (factory) => {
  it('all 46 pass', async () => {
    const report = await runOnnx(factory, await loadOnnxFolder(folder));
    expect(report.cases.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect(report.totals).toMatchObject({ cases: 46, passed: 46, failed: 0 });
    for (const { outputs } of report.cases) expect(outputs.map(({ name }) => name)).toContain('Y');
  });
});
