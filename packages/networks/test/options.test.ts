import { HeedError } from '@heed/core';
import { describe, expect, it } from 'vitest';
import { corpusBleu, corpusChrf } from '@heed/metrics';
import { costOfAttention } from '@heed/attention';
import { costOfModel } from '../src/cost/model-cost.js';
import { createLanguageModel } from '../src/language/language-model.js';
import { createSeq2Seq } from '../src/recurrent/seq2seq.js';
import { createTrainer, decodeModel, encodeModel, openRun, resumeRun, type RunFolder } from '@heed/nn';
import { createTransformer } from '../src/transformer/transformer.js';
import { evaluate } from '../src/evaluate.js';
import { nGram } from '../src/language/n-gram.js';
import { presets } from '../src/recurrent/presets.js';
import { recurrent } from '../src/recurrent/kind.js';
import type { LanguageConfig } from '../src/language/config.js';
import { COMPOSED, useEngine } from '../../nn/test/engines.js';
import { reversed, symbols, tinyConfig } from './models.js';

useEngine(COMPOSED);

const model = createSeq2Seq(tinyConfig());
const pair = { source: symbols('ab'), target: reversed('ab') };
const languageConfig: LanguageConfig = {
  kind: 'language',
  architecture: 'transformer',
  symbols: ['a', 'b'],
  seed: 1,
  dropout: 0,
  layers: 1,
  window: 4,
  width: 4,
  heads: 1,
  feedForwardWidth: 4,
  tiedEmbeddings: false,
};
const language = createLanguageModel(languageConfig);
const training = { ...presets.small.training, seed: 1 };
const trainer = createTrainer(
  recurrent,
  model,
  { train: [{ source: pair.source, targets: [pair.target] }], validation: [] },
  training,
);
// Nothing of it is read before the options are.
const folder = {} as RunFolder;

async function refusal(call: () => unknown): Promise<HeedError> {
  try {
    await call();
  } catch (error) {
    if (HeedError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('an option that does not exist is refused, with the one that was meant', () => {
  it.each<[string, () => unknown, string]>([
    ['loss(pairs, { labelSmooting })', () => model.loss([pair], { labelSmooting: 0.1 } as object), 'labelSmoothing'],
    ['loss(pairs, { dropout: { sede } })', () => model.loss([pair], { dropout: { sede: 1 } } as never), 'seed'],
    [
      'loss of a language model',
      () => language.loss([{ symbols: ['a'] }], { smoothing: 0.1 } as object),
      'labelSmoothing',
    ],
    ['greedy(sources, { maxlength })', () => model.greedy([pair.source], { maxlength: 3 } as object), 'maxLength'],
    ['beam(sources, { beamWidth })', () => model.beam([pair.source], { beamWidth: 3 } as object), 'width'],
    ['watch(source, { length })', () => model.watch(pair.source, { length: 3 } as object).next(), 'maxLength'],
    ['evaluate(…, { beams })', () => evaluate(model, [], { beams: {} } as object), 'beam'],
    ['surprisal(texts, { onprogress })', () => language.surprisal([], { onprogress: 1 } as object), 'onProgress'],
    [
      'generate(prompt, { temprature })',
      () => language.generate([], { temprature: 1 } as object).next(),
      'temperature',
    ],
    ['nGram(texts, { orders })', () => nGram([], { orders: 2, symbols: [] } as never), 'order'],
    ['corpusBleu(…, { tokenisation })', () => corpusBleu([], [], { tokenisation: 'char' } as object), 'tokenization'],
    ['corpusChrf(…, { betas })', () => corpusChrf([], [], { betas: 1 } as object), 'beta'],
    ['trainer.run({ maxStep })', () => trainer.run({ maxStep: 1 } as object), 'maxSteps'],
    [
      'decodeModel(bytes, { maxByte })',
      () => decodeModel(encodeModel(model), { networks: [], maxByte: 1 } as never),
      'maxBytes',
    ],
    ['openRun(folder, { network })', () => openRun(folder, { network: 'recurrent' } as never), 'networks'],
    ['resumeRun(folder, { step })', () => resumeRun(folder, { networks: [], step: 1 } as never), 'steps'],
    [
      'costOfAttention({ head })',
      () => costOfAttention({ op: 'dotProductAttention', batch: 1, head: 1, queries: 1, keys: 1, width: 1 } as never),
      'heads',
    ],
    [
      'costOfModel(…, { sources })',
      () => costOfModel(tinyConfig(), { sources: 1, target: 1, batch: 1 } as never),
      'source',
    ],
  ])('%s', async (_, call, meant) => {
    const error = await refusal(call);
    expect(error.code).toBe('UNKNOWN_OPTION');
    expect(error.hint).toContain(`'${meant}'`);
  });

  it('null is not the default', async () => {
    expect((await refusal(() => model.greedy([pair.source], null as never))).code).toBe('INVALID_ARGUMENT');
    expect((await refusal(() => model.beam([pair.source], { width: null as never }))).code).toBe('INVALID_ARGUMENT');
    expect((await refusal(() => language.generate([], { topK: null as never }).next())).code).toBe('INVALID_ARGUMENT');
    expect((await refusal(() => trainer.run(null as never))).code).toBe('INVALID_ARGUMENT');
  });
});

describe('what a configuration lacks, or has too much, is said with what it should be', () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      'no seed',
      () => createSeq2Seq({ ...tinyConfig(), seed: undefined as never }),
      /createSeq2Seq: seed is missing\. Hint: seed: a whole number ≥ 0, such as 7, required/,
    ],
    [
      'a slip',
      () => createSeq2Seq({ ...tinyConfig(), encoderUnit: 3 } as never),
      /no option 'encoderUnit'\. Hint: did you mean 'encoderUnits'\?/,
    ],
    [
      'text for a number',
      () => createSeq2Seq({ ...tinyConfig(), decoderUnits: '6' as never }),
      /decoderUnits is '6'\. Hint: a whole number from 1 to 4096/,
    ],
    ['another name', () => createSeq2Seq({ ...tinyConfig(), cell: 'rnn' as never }), /cell is 'rnn'\. Hint: one of /],
    ['a share of 1', () => createSeq2Seq({ ...tinyConfig(), dropout: 1 }), /dropout is 1\. Hint: a number ≥ 0 below 1/],
    [
      'attention of a slip',
      () => createSeq2Seq(tinyConfig({ attention: { kind: 'additive', unit: 7 } as never })),
      /did you mean 'units'\?/,
    ],
    ['nothing', () => createTransformer(undefined as never), /createTransformer: the options are undefined/],
    [
      'symbols of numbers',
      () => createLanguageModel({ ...languageConfig, symbols: [1] as never }),
      /symbols\.0 is 1\. Hint: a text/,
    ],
    [
      'another architecture',
      () => createLanguageModel({ ...languageConfig, architecture: 'rnn' } as never),
      /architecture is 'rnn'\. Hint: "transformer" or "lstm"/,
    ],
  ])('%s', async (_, call, message) => {
    const error = await refusal(call);
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toMatch(message);
  });
});
