import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Line } from '../report/lines.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

// A case ends with an error when answers, or the scores of all symbols, aren't those of onnxruntime-web.
test('models write the same in onnxruntime-web, symbol by symbol and answer by answer', async () => {
  const args = '--rounds 1 --json --case decode-lstm decode-g2p'.split(' ');
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...args], { maxBuffer: 2 ** 24 });
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const of = (name: string): number => lines.find((line) => line.name === name)!.measured;
  const [text, word] = ['decode-lstm', 'decode-g2p'].map((name) => lines.find((line) => line.case === name)!.systems);
  expect(Object.keys(text)).toEqual(['heed-wasm', 'onnxruntime-web']);
  expect(of('decode-lstm: times onnxruntime-web')).toBeCloseTo(text['onnxruntime-web'] / text['heed-wasm'], 2);
  expect(of('decode-lstm: symbols a second') / (1000 / of('decode-lstm: milliseconds a symbol'))).toBeCloseTo(1, 2);
  expect(Object.keys(word)).toEqual(['heed-wasm', 'heed-wasm, beam 4', 'heed-wasm, a batch of 256', 'onnxruntime-web']);
  const share = word['heed-wasm'] / word['heed-wasm, a batch of 256'];
  expect(of('decode-g2p: times its share of a batch of 256')).toBeCloseTo(share, 2);
});
