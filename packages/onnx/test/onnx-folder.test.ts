import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HeedError } from '@heed/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadOnnxFolder } from '../src/node/onnx-folder.js';
import { runOnnx } from '../src/index.js';
import { readOnnxTensor } from '../src/onnx-tensor.js';
import { parseReport } from '../../conformance/src/report/parse.js';
import { loadAnywhere } from '@heed/backends/composed';
import { ELEMENT, encodeModel, encodeTensor } from './onnx-model.js';

const backends = await loadAnywhere();

const upstream = fileURLToPath(new URL('../../../vectors/onnx/node/', import.meta.url));
const cpu = backends.find(({ name }) => name === 'cpu');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heed-onnx-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** One query, one key: the context is the value. */
function writeCase(name: string, sets = 1): string {
  const path = join(folder, name);
  const one = (operand: string) => ({ name: operand, dtype: 'float32', shape: [1, 1, 1, 2] }) as const;
  mkdirSync(path);
  writeFileSync(join(path, 'model.onnx'), encodeModel({ inputs: ['Q', 'K', 'V'].map(one), outputs: [one('Y')] }));
  for (let set = 0; set < sets; set++) {
    const data = join(path, `test_data_set_${set}`);
    mkdirSync(data);
    const values = [3 + set, 4 + set];
    for (const file of ['input_0', 'input_1', 'input_2', 'output_0']) writeTensor(join(data, `${file}.pb`), values);
  }
  return path;
}

function writeTensor(path: string, values: readonly number[]): void {
  writeFileSync(path, encodeTensor({ dims: [1, 1, 1, 2], type: ELEMENT.float32, float: values }));
}

describe('a folder of cases', () => {
  it.each(backends)('in which one number is altered fails in that case alone, on $name', async (factory) => {
    cpSync(upstream, folder, { recursive: true });
    const altered = 'test_attention_4d_causal';
    const path = join(folder, altered, 'test_data_set_0', 'output_0.pb');
    const { shape, data } = readOnnxTensor(readFileSync(path), path);
    const last = data.length - 1;
    const values = Float32Array.from(data, (x, n) => (n === last ? x * 1.002 : x));
    writeFileSync(path, encodeTensor({ dims: shape, type: ELEMENT.float32, raw: new Uint8Array(values.buffer) }));

    const seen: string[] = [];
    const report = await runOnnx(factory, await loadOnnxFolder(folder), { onCase: ({ id }) => seen.push(id) });
    const failed = report.cases.filter(({ status }) => status === 'failed');
    expect(failed.map(({ id }) => id)).toEqual([altered]);
    expect(failed[0].message).toMatch(/^Y\[1,2,3,7\] is .*; 1 of 192 numbers fail$/);
    expect(report.totals).toMatchObject({ cases: 46, passed: 45, failed: 1, skipped: 0 });
    expect(seen).toEqual(report.cases.map(({ id }) => id));
    expect(report.cases.every(({ group }) => group === 'onnx')).toBe(true);
  });

  it('gives a report that can be written and read', async () => {
    writeCase('test_one');
    const report = await runOnnx(cpu!, await loadOnnxFolder(folder), { versions: { backend: '1.2.3' } });
    expect(parseReport(JSON.stringify(report))).toEqual(JSON.parse(JSON.stringify(report)));
    expect(report).toMatchObject({ backend: 'cpu', versions: { backend: '1.2.3' }, totals: { passed: 1, fused: 1 } });
    expect(report.cases[0]).toMatchObject({ id: 'test_one', path: 'fused', outputs: [{ name: 'Y', error: 0 }] });
  });

  it('may have several data sets a case, all of which must pass', async () => {
    const path = writeCase('test_three', 11);
    const all = await run();
    expect(all).toMatchObject([{ id: 'test_three', status: 'passed' }]);
    expect(all[0].outputs.map(({ name }) => name).at(-1)).toBe('set 10 Y');

    writeTensor(join(path, 'test_data_set_10', 'output_0.pb'), [13, 15]);
    expect(await run()).toMatchObject([
      { status: 'failed', message: expect.stringMatching(/^set 10 Y\[0,0,0,1\] is 14/) },
    ]);
  });

  it('may be one case', async () => {
    const path = writeCase('test_alone');
    expect(await run(path)).toMatchObject([{ id: 'test_alone', status: 'passed' }]);
    expect(await run(`${path}/`)).toMatchObject([{ id: 'test_alone', status: 'passed' }]);
  });

  it('may hold files of other kinds, and links', async () => {
    writeCase('test_one');
    writeFileSync(join(folder, 'README.md'), 'about');
    mkdirSync(join(folder, '.git'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'test_lost'));
    symlinkSync(join(folder, 'test_one'), join(folder, 'test_two'));
    expect((await run()).map(({ id, status }) => [id, status])).toEqual([
      ['test_one', 'passed'],
      ['test_two', 'passed'],
    ]);
  });
});

describe('a case fails with its reason, and no other,', () => {
  it.each<[string, (path: string) => void, RegExp]>([
    ['without a model', (path) => rmSync(join(path, 'model.onnx')), /test_bad has no model\.onnx/],
    ['with a model that is none', (path) => writeFileSync(join(path, 'model.onnx'), 'hello'), /model\.onnx/],
    ['with an empty model', (path) => truncateSync(join(path, 'model.onnx')), /holds no graph/],
    ['without data', (path) => rmSync(join(path, 'test_data_set_0'), { recursive: true }), /has no test_data_set_0/],
    ['without an input', (path) => rmSync(join(path, 'test_data_set_0/input_2.pb')), /3 inputs, but there are 2 files/],
    ['with a gap in its inputs', (path) => rmSync(join(path, 'test_data_set_0/input_1.pb')), /input_1\.pb is missing/],
    ['without its output', (path) => rmSync(join(path, 'test_data_set_0/output_0.pb')), /1 outputs, but there are 0/],
    ['cut off', (path) => truncateSync(join(path, 'test_data_set_0/input_0.pb'), 9), /input_0\.pb/],
    ['of a huge file', (path) => truncateSync(join(path, 'model.onnx'), 2 ** 26 + 1), /67108865 bytes/],
    ['with a folder for a file', (path) => mkdirSync(join(path, 'test_data_set_0/input_3.pb')), /is not a file/],
    [
      'with an endless file',
      (path) => symlinkSync('/dev/zero', join(path, 'test_data_set_0/input_3.pb')),
      /is not a file/,
    ],
    [
      'of many nodes',
      (path) =>
        writeFileSync(join(path, 'model.onnx'), encodeModel({ inputs: [], outputs: [], ops: ['MatMul', 'Softmax'] })),
      /2 nodes \(MatMul, Softmax\)/,
    ],
    [
      "that Heed can't express",
      (path) => writeFileSync(join(path, 'model.onnx'), modelWith({ alpha: 1 })),
      /attribute alpha is not one of/,
    ],
    [
      'whose names steer terminals',
      (path) => writeFileSync(join(path, 'model.onnx'), modelWith({ '\u001b[2J': 1 })),
      /attribute \uFFFD\[2J is/,
    ],
  ])('%s', async (_, spoil, reason) => {
    spoil(writeCase('test_bad'));
    writeCase('test_good');
    expect(await run()).toMatchObject([
      { id: 'test_bad', group: 'onnx', status: 'failed', message: expect.stringMatching(reason) },
      { id: 'test_good', status: 'passed' },
    ]);
  });
});

describe('a folder is refused', () => {
  it.each<[string, () => string, string]>([
    ['that is not there', () => join(folder, 'nowhere'), 'FILE_ACCESS'],
    ['that is a file', () => (writeFileSync(join(folder, 'file'), ''), join(folder, 'file')), 'FILE_ACCESS'],
    ['that is empty', () => folder, 'FILE_INVALID'],
    ['that holds only files', () => (writeFileSync(join(folder, 'file'), ''), folder), 'FILE_INVALID'],
  ])('%s', async (_, make, code) => {
    const error: unknown = await loadOnnxFolder(make()).catch((thrown: unknown) => thrown);
    expect(HeedError.isInstance(error)).toBe(true);
    expect((error as HeedError).code).toBe(code);
  });
});

const run = async (path = folder) => (await runOnnx(cpu!, await loadOnnxFolder(path))).cases;

function modelWith(attributes: Record<string, number>): Uint8Array {
  const one = (name: string) => ({ name, dtype: 'float32', shape: [1, 1, 1, 2] }) as const;
  return encodeModel({ inputs: ['Q', 'K', 'V'].map(one), outputs: [one('Y')], attributes });
}
