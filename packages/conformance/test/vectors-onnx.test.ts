import { readdirSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAttentionOperator } from '../src/onnx/attention-operator.js';
import { readOnnxCase, type OnnxCase, type OnnxOutput } from '../src/onnx/onnx-case.js';
import { roundTo, type OnnxTensor } from '../src/onnx/onnx-tensor.js';
import { backends } from './backends.js';

const folder = new URL('../../../vectors/onnx/node/', import.meta.url);
const names = readdirSync(folder);

// Those of ONNX's own runner of these tests.
const RELATIVE = 1e-3;
const ABSOLUTE = 1e-7;

function readCase(name: string): OnnxCase {
  const read = (file: string): Uint8Array => readFileSync(new URL(`${name}/${file}`, folder));
  const files = readdirSync(new URL(`${name}/test_data_set_0/`, folder));
  const numbered = (kind: string): Uint8Array[] =>
    files.filter((file) => file.startsWith(`${kind}_`)).map((_, n) => read(`test_data_set_0/${kind}_${n}.pb`));
  return readOnnxCase({ name, model: read('model.onnx'), inputs: numbered('input'), outputs: numbered('output') });
}

/** A non-finite value is only matched by itself. */
function isClose(actual: number, expected: number): boolean {
  if (!Number.isFinite(expected)) return Object.is(actual, expected);
  return Math.abs(actual - expected) <= ABSOLUTE + RELATIVE * Math.abs(expected);
}

describe.each(backends)("ONNX's backend node tests of Attention on $name", (factory) => {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(factory);
  });
  afterAll(() => backend.dispose());
  const ran = new Set<string>();

  it.each(names)('%s', (name) => {
    const test = readCase(name);
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const outputs = runAttentionOperator(test);
      for (const [output, { dtype, shape, data }] of Object.entries(test.outputs) as [OnnxOutput, OnnxTensor][]) {
        expect(outputs[output].shape, output).toEqual(shape);
        const values = Array.from(outputs[output].dataSync(), (value) => roundTo(dtype, value));
        const off = values.flatMap((value, i) => (isClose(value, data[i]!) ? [] : [[i, value, data[i]!]]));
        expect(off, `${output} [${shape}]: place, found, expected`).toEqual([]);
      }
      expect(Object.keys(test.outputs)).toContain('Y');
    });
    expect(tf.memory().numTensors).toBe(before);
    ran.add(name);
  });

  it('has run all 46', () => {
    expect(ran).toEqual(new Set(names));
    expect(ran.size).toBe(46);
  });
});
