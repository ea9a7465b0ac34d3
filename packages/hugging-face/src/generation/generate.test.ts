import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, useBackend } from '../../test/backends.js';
import { configOf, filesIn } from '../../test/folders.js';
import { loadPretrained } from '../load-pretrained.js';
import type { GenerateOptions } from './options.js';
import { processorsOf } from './processors.js';

useBackend(BACKENDS[1]!);

const PROMPT = { inputIds: [[276, 331, 272, 290]] };

async function gpt2(generationConfig?: object) {
  const changed = generationConfig === undefined ? {} : { 'generation_config.json': JSON.stringify(generationConfig) };
  return loadPretrained(filesIn('gpt2', changed));
}

describe('generate', () => {
  it('draws by the seed, among the most probable alone', async () => {
    const model = await gpt2();
    const drawn = async (options: GenerateOptions) => {
      const { newTokens } = await model.generate(PROMPT, { doSample: true, maxNewTokens: 8, ...options });
      return newTokens[0]!;
    };
    expect(await drawn({ seed: 1 })).toEqual(await drawn({ seed: 1 }));
    expect(await drawn({ seed: 1, temperature: 3 })).not.toEqual(await drawn({ seed: 2, temperature: 3 }));
    const greedy = (await model.generate(PROMPT, { maxNewTokens: 8 })).newTokens[0];
    expect(await drawn({ topK: 1, seed: 3 })).toEqual(greedy);
    expect(await drawn({ topP: 1e-6, seed: 3 })).toEqual(greedy);
    model.dispose();
  });

  it('puts the start before prompts of a decoder that have none', async () => {
    const model = await loadPretrained(filesIn('bart'));
    const { decoder_start_token_id: start } = JSON.parse(
      new TextDecoder().decode(filesIn('bart')['generation_config.json']!),
    ) as { decoder_start_token_id: number };
    const continued = async (decoderInputIds: number[][]) =>
      (await model.generate({ ...PROMPT, decoderInputIds }, { maxNewTokens: 3 })).sequences[0]!;
    const begun = await continued([[start, 276, 331]]);
    expect(begun.slice(0, 3)).toEqual([start, 276, 331]);
    expect(await continued([[276, 331]])).toEqual(begun);
    model.dispose();
  });

  it('does as the folder says, and as options say before it', async () => {
    const plain = await gpt2();
    const [first] = (await plain.generate(PROMPT, { maxNewTokens: 4 })).newTokens[0]!;
    plain.dispose();
    const model = await gpt2({ max_new_tokens: 3, suppress_tokens: [first], eos_token_id: null, unknown_field: 1 });
    const { newTokens } = await model.generate(PROMPT);
    expect(newTokens[0]).toHaveLength(3);
    expect(newTokens[0]).not.toContain(first);
    expect((await model.generate(PROMPT, { suppressTokens: [] })).newTokens[0]![0]).toBe(first);
    model.dispose();
  });

  it('leaves nothing, also when it is refused', async () => {
    const model = await gpt2();
    const before = tf.memory().numTensors;
    await model.generate(PROMPT, { maxNewTokens: 3 });
    await model.generate(PROMPT, { maxNewTokens: 3, numBeams: 3, numReturnSequences: 2 });
    await expect(model.generate(PROMPT, { maxNewTokens: 100 })).rejects.toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('64 positions') as string }),
    );
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it.each<[string, GenerateOptions, string]>([
    ['options that there are not', { beams: 4 } as object, 'INVALID_ARGUMENT'],
    ['no beams', { numBeams: 0 }, 'INVALID_ARGUMENT'],
    ['more results than beams', { numBeams: 2, numReturnSequences: 3 }, 'INVALID_ARGUMENT'],
    ['drawing beams', { numBeams: 2, doSample: true }, 'INVALID_ARGUMENT'],
    ['a length that the prompt has', { maxLength: 4 }, 'INVALID_ARGUMENT'],
  ])('refuses %s', async (_, options, code) => {
    const model = await gpt2();
    await expect(model.generate(PROMPT, options)).rejects.toThrow(expect.objectContaining({ code }));
    model.dispose();
  });

  it('refuses models that continue nothing, and settings of folders that are not done here', async () => {
    const classifier = await loadPretrained(filesIn('bert_seqcls'));
    expect(classifier.continues).toBe(false);
    await expect(classifier.generate(PROMPT)).rejects.toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    classifier.dispose();
    const model = await gpt2({ penalty_alpha: 0.6 });
    await expect(model.generate(PROMPT)).rejects.toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    model.dispose();
  });

  it('takes what config.json says where there is no generation_config.json', async () => {
    const model = await loadPretrained(
      filesIn('gpt2', { 'generation_config.json': undefined, 'config.json': configOf('gpt2', { eos_token_id: 272 }) }),
    );
    const { newTokens } = await model.generate(PROMPT, { maxNewTokens: 30 });
    const at = newTokens[0]!.indexOf(272);
    expect(at === -1 || at === newTokens[0]!.length - 1).toBe(true);
    model.dispose();
  });
});

describe('a model of speech', () => {
  const inputFeatures = { shape: [1, 80, 40], data: new Float32Array(80 * 40) };

  it('starts with the language and the task that are wanted, and refuses those that it has not', async () => {
    const model = await loadPretrained(filesIn('whisper'));
    const { sequences } = await model.generate(
      { inputFeatures },
      { language: 'de', task: 'translate', maxNewTokens: 2 },
    );
    expect(sequences[0]!.slice(0, 4)).toEqual([317, 319, 320, 325]);
    expect((await model.generate({ inputFeatures }, { maxNewTokens: 2 })).sequences[0]![0]).toBe(317);
    const before = tf.memory().numTensors;
    await expect(model.generate({ inputFeatures }, { language: 'xx' })).rejects.toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('<|en|>') as string }),
    );
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

describe('rules of settings', () => {
  const SCORES = [1, 2, -3, 4];
  const after = (settings: GenerateOptions, tokens: readonly number[], promptLength = 1, maxLength = 9): number[] => {
    const scores = Float64Array.from(SCORES);
    for (const processor of processorsOf(settings, [0], promptLength, maxLength)) processor(scores, tokens);
    return Array.from(scores);
  };
  const NO = Number.NEGATIVE_INFINITY;

  it.each<[string, GenerateOptions, readonly number[], readonly number[]]>([
    ['repetition', { repetitionPenalty: 2 }, [1, 2, 1], [1, 1, -6, 4]],
    ['pairs that were there', { noRepeatNgramSize: 2 }, [1, 3, 2, 1], [1, 2, -3, NO]],
    ['too few tokens for a pair', { noRepeatNgramSize: 3 }, [1], SCORES],
    ['bad words', { badWordsIds: [[3], [1, 2], [0]] }, [1], [1, 2, NO, NO]],
    ['bad words after others', { badWordsIds: [[1, 2]] }, [3], SCORES],
    ['fewest tokens in all', { minLength: 3 }, [1, 1], [NO, 2, -3, 4]],
    ['fewest new tokens', { minNewTokens: 2 }, [1, 1, 1], SCORES],
    ['a first token', { forcedBosTokenId: 2 }, [1], [NO, NO, 0, NO]],
    ['no first token later', { forcedBosTokenId: 2 }, [1, 1], SCORES],
    ['a last token', { forcedEosTokenId: [0, 3] }, [1, 1, 1, 1, 1, 1, 1, 1], [0, NO, NO, 0]],
    ['tokens that never come', { suppressTokens: [1] }, [1, 1], [1, NO, -3, 4]],
    ['tokens that do not begin', { beginSuppressTokens: [1] }, [1], [1, NO, -3, 4]],
    ['tokens that begin no more', { beginSuppressTokens: [1] }, [1, 1], SCORES],
  ])('%s', (_, settings, tokens, wanted) => {
    expect(after(settings, tokens)).toEqual(wanted);
  });
});
