import { decodeSafetensors, encodeSafetensors } from '@heed/formats';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, useBackend } from '../../test/backends.js';
import { configOf, filesIn, FOLDERS, folderOf } from '../../test/folders.js';
import { checkPretrainedFolder } from '../node.js';
import { checkPretrained } from './check-pretrained.js';

describe.each(BACKENDS)('on $name', (backend) => {
  useBackend(backend);

  it.each(FOLDERS)('%s agrees with transformers', async (name) => {
    const before = tf.memory().numTensors;
    const { passed, results } = await checkPretrainedFolder(folderOf(name));
    expect(results.filter((result) => !result.passed)).toEqual([]);
    expect(passed).toBe(true);
    expect(results.some((result) => result.name.includes('hidden_state'))).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('fields that no code of transformers reads', () => {
  useBackend(BACKENDS[1]!);

  it.each([
    ['whisper', { scale_embedding: true }],
    ['gemma3', { attn_logit_softcapping: 2 }],
  ])('%s is the same with %o', async (name, fields) => {
    const files = filesIn(name, { 'config.json': configOf(name, fields) });
    const { results } = await checkPretrained(async () => files);
    expect(results.filter((result) => !result.passed)).toEqual([]);
  });
});

describe('a folder that differs', () => {
  useBackend(BACKENDS[1]!);

  it('in a weight, a token or an expected tensor fails, and says where', async () => {
    const { tensors } = decodeSafetensors(filesIn('gpt2')['expected.safetensors']!);
    const attentions = tensors['right.attentions.1']!;
    attentions.data[0]! += 0.01;
    const { tensors: numbers } = decodeSafetensors(filesIn('gpt2')['model.safetensors']!);
    numbers['transformer.h.1.ln_1.weight']!.data[3]! += 0.01;
    const fails = async (changed: Parameters<typeof filesIn>[1]): Promise<readonly string[]> => {
      const { passed, results } = await checkPretrained(async () => filesIn('gpt2', changed));
      expect(passed).toBe(false);
      return results.filter((result) => !result.passed).map(({ name }) => name);
    };
    expect(await fails({ 'expected.safetensors': encodeSafetensors(tensors) })).toEqual(['right: attentions.1']);
    const ofWeight = await fails({ 'model.safetensors': encodeSafetensors(numbers) });
    expect(ofWeight).toContain('right: attentions.1');
    expect(ofWeight).not.toContain('right: attentions.0');
    const tokenizer = new TextDecoder()
      .decode(filesIn('gpt2')['tokenizer.json']!)
      .replace('"ByteLevel"', '"Whitespace"');
    expect(await fails({ 'tokenizer.json': tokenizer })).toEqual([expect.stringContaining('tokens of')]);
  });

  it('of numbers that onnxruntime computed holds the model of its base to them', async () => {
    const json = JSON.parse(new TextDecoder().decode(filesIn('gpt2')['expected.json']!)) as {
      readonly runs: Readonly<Record<string, { readonly inputs: object }>>;
    };
    const { tensors } = decodeSafetensors(filesIn('gpt2')['expected.safetensors']!);
    const { inputs } = json.runs['right']!;
    const [logits, weights] = [tensors['right.logits']!, tensors['right.attentions.0']!];
    const exports = JSON.stringify({ family: 'gpt2_onnx', base: 'gpt2', runs: { right: inputs } });
    const check = (off: number) => {
      const [, time, symbols] = logits.shape as [number, number, number];
      // Numbers without an axis of sequences are of the first one.
      const first = {
        dtype: 'float32',
        shape: [time, symbols],
        data: Float32Array.from(logits.data.subarray(0, time * symbols)),
      } as const;
      first.data[7]! += off;
      const numbers = encodeSafetensors({
        'onnxruntime.right.logits': first,
        'onnxruntime.right.attentions.0': weights,
      });
      const own = {
        ...filesIn('gpt2'),
        'expected.json': new TextEncoder().encode(exports),
        'expected.safetensors': numbers,
      };
      return checkPretrained(async (path) => (path === '' ? own : filesIn('gpt2')));
    };
    const right = await check(0);
    expect(right.results.map(({ name }) => name)).toEqual(['right: attentions.0', 'right: logits']);
    expect(right.passed).toBe(true);
    const wrong = await check(0.01);
    expect(wrong.results.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual(['right: logits']);
  });

  it('with numbers of nothing is refused', async () => {
    const empty = new TextEncoder().encode('{ "family": "gpt2", "base": "gpt2" }');
    await expect(
      checkPretrained(async (path) => filesIn('gpt2', path === '' ? { 'expected.json': empty } : {})),
    ).rejects.toThrow(
      expect.objectContaining({ code: 'FILE_INVALID', message: expect.stringContaining('nothing that the model') }),
    );
  });

  it('without numbers is refused', async () => {
    await expect(checkPretrained(async () => filesIn('gpt2', { 'expected.json': undefined }))).rejects.toThrow(
      expect.objectContaining({ code: 'FILE_ACCESS' }),
    );
  });
});
