import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { Parameters } from '@heed/nn';
import type { LanguageConfig } from '../src/language/config.js';
import { createLanguageModel } from '../src/language/language-model.js';
import { createLstm } from '../src/language/lstm.js';
import type { LanguageNetwork } from '../src/language/network.js';
import { createTransformer as createLanguageTransformer } from '../src/language/transformer.js';
import { createSeq2Seq } from '../src/recurrent/seq2seq.js';
import { createTransformer } from '../src/transformer/transformer.js';
import { selectWasm } from '../../nn/test/engines.js';
import { LANGUAGE_MODELS } from './language-models.js';
import { stir } from './graphs.js';
import { VARIANTS, symbols } from './models.js';
import { TRANSFORMERS } from './transformers.js';

/** Some of one length, so that what one of them recorded serves the next. */
const WORDS = ['abcd', 'd', 'dcba', 'cabd', 'ab', 'aabb', 'ddca', 'b'].map(symbols);

const ENCODER_DECODERS = [
  ...VARIANTS.map(([name, config]) => [name, () => createSeq2Seq(config)] as const),
  ...TRANSFORMERS.map(([name, config]) => [`transformer, ${name}`, () => createTransformer(config)] as const),
];

/** Kinds of attention whose memory isn't read as it is stored, so that a slice of it is longer at each step; sinks take part by such slices, too. */
const EACH_TIME = ['differential', 'linear', 'retention', 'gated delta', 'sinks'];

afterAll(async () => {
  await (await selectWasm(true)).dispose();
});

describe('a decoder that is done again gives the bits of one that runs each time', () => {
  it.each(ENCODER_DECODERS)('%s', async (_, create) => {
    const [plain, replayed] = await bothWays(async () => {
      const model = create();
      stir(model);
      const found = [];
      for (const word of WORDS) {
        found.push(await model.greedy([word]), await model.beam([word], { width: 3 }));
        for await (const step of model.watch(word)) found.push(step);
      }
      found.push(
        await model.greedy(WORDS),
        await model.beam(WORDS.slice(0, 1).concat(WORDS.slice(2, 4)), { width: 2 }),
      );
      model.dispose();
      return found;
    });
    expect(replayed.result).toEqual(plain.result);
    expect(replayed.products).toBeLessThan(plain.products / 2);
  });

  it.each(LANGUAGE_MODELS)('%s', async (_, config) => {
    const [plain, replayed] = await bothWays(async () => {
      const model = createLanguageModel(config);
      stir(model);
      const written = [];
      for (let seed = 1; seed < 9; seed++) {
        for await (const symbol of model.generate([...'abc'], { length: 150, seed })) written.push(symbol);
      }
      model.dispose();
      return written;
    });
    expect(replayed.result).toEqual(plain.result);
  });
});

describe('a reader whose memories and tables grow while it is done again', () => {
  it.each(LANGUAGE_MODELS)('%s', async (name, config) => {
    const [plain, replayed] = await bothWays(async () => {
      const parameters = new Parameters(1);
      const network = createNetwork({ ...config, window: config.window < 10 ? config.window : 512 }, parameters, 6);
      const scores: number[][] = [];
      // The second text reads with what the first one left.
      for (const length of [270, 90]) {
        const reader = network.read();
        for (let n = 0; n < length; n++) {
          const next = reader.next(Int32Array.of((n * n + length) % 6));
          scores.push(Array.from(next.dataSync()));
          next.dispose();
        }
        reader.dispose();
      }
      network.dispose();
      parameters.dispose();
      return scores;
    });
    replayed.result.forEach((scores, n) => expect(scores, `at ${n}`).toEqual(plain.result[n]));
    if (!EACH_TIME.some((kind) => name.includes(kind))) expect(replayed.products).toBeLessThan(plain.products / 4);
  });
});

/** What a computation gives without and with replays, and how many products TensorFlow.js runs for it. */
async function bothWays<T>(compute: () => Promise<T>) {
  const seen: { readonly result: T; readonly products: number }[] = [];
  for (const replays of [false, true]) {
    await selectWasm(replays);
    const before = tf.memory().numTensors;
    const config = tf.getKernel('BatchMatMul', 'wasm')!;
    const { kernelFunc } = config;
    let products = 0;
    config.kernelFunc = (args) => {
      products++;
      return kernelFunc(args);
    };
    const result = await compute();
    config.kernelFunc = kernelFunc;
    expect(tf.memory().numTensors).toBe(before);
    seen.push({ result, products });
  }
  return seen as [(typeof seen)[number], (typeof seen)[number]];
}

const createNetwork = (config: LanguageConfig, parameters: Parameters, size: number): LanguageNetwork =>
  config.architecture === 'transformer'
    ? createLanguageTransformer(config, parameters, size)
    : createLstm(config, parameters, size);
