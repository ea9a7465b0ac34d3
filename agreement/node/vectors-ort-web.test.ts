import { readdirSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadAnywhere } from '@heed/backends/composed';
import { ortCases, runOrtCase, type OrtCase, type OrtFile } from './vectors-ort-web.js';

const backends = await loadAnywhere();

const folder = new URL('../../vectors/ort-web/', import.meta.url);
const files = readdirSync(folder).filter((name) => /^(?!checks).*\.json$/.test(name));
const cases = files.flatMap((file) =>
  ortCases(file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as OrtFile),
);

function multiHeadCase(index: number): OrtCase {
  return cases.find(({ id }) => id.startsWith(`multihead-attention.json ${index}: `))!;
}

/** Absolute difference that the source's test runner allows on its CPU and WASM backends. */
const BOUND = 1e-4;
/** Absolute difference that it allows on WebGPU, for cases whose expected results are rounded to whole numbers. */
const WIDER_BOUND = 1e-3;
const ROUNDED: readonly OrtCase[] = [9, 15, 16].map(multiHeadCase);
/** Cases whose expected results ignore the past, as the source's kernel does when the output `present` isn't asked for. */
const PAST_IGNORED: readonly OrtCase[] = [5, 6].map(multiHeadCase);

function withoutPast(test: OrtCase): OrtCase {
  const beforePast = 6;
  return { ...test, inputs: test.inputs.slice(0, beforePast) };
}

const named = (tests: readonly OrtCase[]): [string, OrtCase][] => tests.map((test) => [test.id, test]);

function expectOutputs(test: OrtCase, bound: number): void {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const outputs = runOrtCase(test);
    test.outputs.forEach(({ dims, data }, n) => {
      expect(outputs[n].shape).toEqual(dims);
      const values = Array.from(outputs[n].dataSync());
      const off = values.filter((value, i) => !(Math.abs(value - data[i]) <= bound));
      expect(off, `output ${n} is ${values} instead of ${data}`).toEqual([]);
    });
  });
  expect(tf.memory().numTensors).toBe(before);
}

describe.each(backends)("ONNX Runtime Web's operator cases on $name", (factory) => {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(factory);
  });
  afterAll(() => backend.dispose());
  const ran = new Set<string>();

  it.each(named(cases))('%s', (_, test) => {
    expectOutputs(PAST_IGNORED.includes(test) ? withoutPast(test) : test, ROUNDED.includes(test) ? WIDER_BOUND : BOUND);
    ran.add(test.id);
  });

  it('has run all 79', () => {
    expect(ran).toEqual(new Set(cases.map(({ id }) => id)));
    expect(ran.size).toBe(79);
  });

  it.each(named(ROUNDED))('needs the wider bound for %s', (_, test) => {
    expect(() => expectOutputs(test, BOUND)).toThrow('output 0');
  });

  it.each(named(PAST_IGNORED))('attends to the past unless it is left out of %s', (_, test) => {
    expect(() => expectOutputs(test, 1)).toThrow('output 0');
  });
});
