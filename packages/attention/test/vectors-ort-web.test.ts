import { readdirSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, expectNoLeak, useBackend } from './engine.js';
import { Lacking, ortCases, runOrtCase, type OrtCase, type OrtFile } from './vectors-ort-web.js';
import { expectWithin, readVectors, readVectorsText } from './vectors.js';

const folder = new URL('../../../vectors/ort-web/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'checks.json');
const cases = files.flatMap((file) => ortCases(file, readVectors<OrtFile>(`ort-web/${file}`)));

function multiHeadCase(index: number): OrtCase {
  return cases.find(({ id }) => id.startsWith(`multihead-attention.json ${index}: `))!;
}

/** The absolute difference that the source's test runner allows on its CPU and WASM backends. */
const BOUND = 1e-4;
/** What it allows on WebGPU. These need it: their results are stated rounded to a whole number. */
const WIDER_BOUND = 1e-3;
const ROUNDED: readonly OrtCase[] = [9, 15, 16].map(multiHeadCase);
/** Their expected results leave the past out, as the source's kernel does when no present is asked for. */
const PAST_IGNORED: readonly OrtCase[] = [5, 6].map(multiHeadCase);

function withoutPast(test: OrtCase): OrtCase {
  const beforePast = 6;
  return { ...test, inputs: test.inputs.slice(0, beforePast) };
}

/** What Heed lacks, by case: the table of the folder's README. */
const LACKED: ReadonlyMap<string, string> = new Map(
  [...readVectorsText('README.md').matchAll(/^\| `(.+? \d+: .+?)` \| (.+?) \|$/gm)].map(
    ([, id, feature]) => [id!, feature!] as const,
  ),
);
const named = (tests: readonly OrtCase[]): [string, OrtCase][] => tests.map((test) => [test.id, test]);
const isLacked = ({ id }: OrtCase): boolean => LACKED.has(id);

function expectOutputs(test: OrtCase, atol: number): void {
  expectNoLeak(() =>
    tf.tidy(() => {
      const outputs = runOrtCase(test);
      test.outputs.forEach(({ dims, data }, i) =>
        expectWithin(`output ${i}`, outputs[i]!, { shape: dims, data }, { atol, rtol: 0 }),
      );
      return [];
    }),
  );
}

describe.each(BACKENDS)("ONNX Runtime Web's operator cases on $name", (factory) => {
  useBackend(factory);
  const ran = new Set<string>();

  it.each(named(cases.filter((test) => !isLacked(test))))('%s', (_, test) => {
    expectOutputs(PAST_IGNORED.includes(test) ? withoutPast(test) : test, ROUNDED.includes(test) ? WIDER_BOUND : BOUND);
    ran.add(test.id);
  });

  it.each(named(cases.filter(isLacked)))('says what Heed lacks for %s', (_, test) => {
    expect(() => tf.tidy(() => runOrtCase(test))).toThrow(new Lacking(LACKED.get(test.id)));
    ran.add(test.id);
  });

  it('has run all 79, and knows all that vectors/README.md lists', () => {
    const ids = cases.map(({ id }) => id);
    expect(ran).toEqual(new Set(ids));
    expect(ran.size).toBe(79);
    expect([...LACKED.keys()].filter((id) => !ids.includes(id))).toEqual([]);
  });

  it.each(named(ROUNDED))('needs the wider bound for %s', (_, test) => {
    expect(() => expectOutputs(test, BOUND)).toThrow('output 0');
  });

  it.each(named(PAST_IGNORED))('attends to the past unless it is left out of %s', (_, test) => {
    expect(() => expectOutputs(test, 1)).toThrow('output 0');
  });
});
