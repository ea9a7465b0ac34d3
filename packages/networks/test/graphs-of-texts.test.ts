import * as tf from '@tensorflow/tfjs';
import { outputsOf, type GraphTensors } from '@heed/nn';
import { beforeEach, describe, expect, it } from 'vitest';
import { CPU, useEngine } from '../../nn/test/engines.js';
import { wordParts } from '../src/classifier/word-parts.js';
import {
  createClassifier,
  createLanguageModel,
  createMemoryNetwork,
  type ClassifierConfig,
  type MemoryConfig,
  type Story,
} from '../src/index.js';
import { CLASSIFIERS } from './classifiers.js';
import { expectClose, firstInputs, graphOf, ids, nextInputs, stir } from './graphs.js';
import { LANGUAGE_MODELS, SYMBOLS, tinyTransformerModel } from './language-models.js';
import { MEMORY_NETWORKS } from './memory-networks.js';

beforeEach(() => useEngine(CPU));

describe.each(LANGUAGE_MODELS)('%s', (_, config) => {
  const texts = ['abcdeabc', 'decaebad'].map((text) => Array.from(text));
  const symbols = texts.map((text) => [0].concat(text.map((symbol) => SYMBOLS.indexOf(symbol) + 1)));

  it('step by step and all at once gives every symbol the probability that it has', async () => {
    const model = createLanguageModel(config);
    stir(model);
    const surprisal = await model.surprisal(texts.map((text) => ({ symbols: text })));
    const expected = tf.tensor2d(surprisal.map((values) => Array.from(values)));
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const step = graphOf(model, 'step');
      let inputs: GraphTensors = firstInputs(step, {}, texts.length);
      const scores = symbols[0].map((_, t) => {
        const given = {
          ...inputs,
          symbol: tf.tensor1d(
            symbols.map((row) => row[t]),
            'int32',
          ),
        };
        const had = tf.memory().numTensors;
        const after = step.run(given);
        expect(tf.memory().numTensors).toBe(had + Object.keys(after).length);
        inputs = nextInputs(inputs, after);
        return after['logits'];
      });
      const logits = tf.stack(scores, 1);
      const whole = graphOf(model, 'model').run({ symbols: ids(symbols) })['logits'];
      expectClose(logits, whole);
      const targets = tf.oneHot(ids(symbols.map((row) => row.slice(1).concat(0))), SYMBOLS.length + 1);
      expectClose(tf.neg(tf.sum(tf.mul(tf.logSoftmax(whole), targets), 2)), expected);
    });
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

describe('a language model whose attention forgets', () => {
  it("can't be told how far it has come", () => {
    const attention = { kind: 'multiHead', heads: 2, streaming: { sinks: 1, window: 3 } } as const;
    const model = createLanguageModel(tinyTransformerModel({ attention }));
    expect(() => model.graphs!()).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    model.dispose();
  });
});

describe.each(CLASSIFIERS)('%s', (_, config) => {
  const sentences = [
    ['good', 'very', 'good', 'unheard'],
    ['the', 'bad', 'the', 'most'],
  ];
  const texts = config.hierarchical
    ? [{ sentences }, { sentences: sentences.toReversed() }]
    : sentences.map((words) => ({ sentences: [words] }));

  it('in parts gives the probabilities and weights that it gives', async () => {
    const model = createClassifier(config);
    stir(model);
    const expected = await model.classify(texts);
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const { probabilities, ...rest } = classify(model, config, texts);
      expectClose(probabilities, tf.tensor2d(expected.map((one) => [...one.probabilities])));
      const weights = expected.map(({ words, sentences }) => sentences ?? words?.[0]);
      expect(rest['weights'] !== undefined).toBe(weights[0] !== undefined);
      if (rest['weights']) expectClose(rest['weights'], tf.tensor2d(weights.map((row) => Array.from(row!))));
    });
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

interface Texts {
  readonly sentences: readonly (readonly string[])[];
}

function classify(
  model: Parameters<typeof graphOf>[0],
  config: ClassifierConfig,
  texts: readonly Texts[],
): GraphTensors {
  if (!config.hierarchical) {
    return graphOf(model, 'model').run(
      partsOf(
        config,
        texts.map(({ sentences }) => sentences[0]),
      ),
    );
  }
  const vectors = texts.map(({ sentences }) => graphOf(model, 'sentences').run(partsOf(config, sentences))['vectors']);
  return graphOf(model, 'text').run({ vectors: tf.stack(vectors) });
}

/** Words of texts of one length as a graph takes them. */
function partsOf(config: ClassifierConfig, texts: readonly (readonly string[])[]): GraphTensors {
  const parts = texts.map((words) => words.map(wordParts(config)));
  if (config.subwords === null) return { words: ids(parts.map((words) => words.map(([{ row }]) => row))) };
  const nothing = { row: 0, share: 0 };
  const filled = parts.map((words) => words.map((word) => Array.from({ length: 20 }, (_, n) => word[n] ?? nothing)));
  return {
    words: tf.tensor3d(
      filled.map((words) => words.map((word) => word.map(({ row }) => row))),
      undefined,
      'int32',
    ),
    shares: tf.tensor3d(filled.map((words) => words.map((word) => word.map(({ share }) => share)))),
  };
}

describe.each(MEMORY_NETWORKS)('%s', (_, config) => {
  const stories = [
    { facts: ['Ann in attic', 'Ben in cellar', 'Ann in cellar'], question: 'where is Ann' },
    { facts: ['Ben has map', 'Cy has coin', 'Ben in cellar'], question: 'what has Cy' },
  ].map(({ facts, question }) => ({ facts: facts.map(split), question: split(question) }));

  it('as a graph gives the probabilities and weights that it gives', async () => {
    const model = createMemoryNetwork(config);
    stir(model);
    const expected = await model.answer(stories);
    const before = tf.memory().numTensors;
    const numbered = stories.map((story) => numberNames(config, story));
    tf.tidy(() => {
      const graph = graphOf(model, 'model');
      expect(outputsOf(graph)['logits'].shape).toEqual(['batch', config.classes.length + config.names]);
      const { logits, weights } = graph.run({
        facts: tf.tensor3d(
          numbered.map(({ facts }) => facts),
          undefined,
          'int32',
        ),
        question: ids(numbered.map(({ question }) => question)),
      });
      const rows = logits.arraySync() as number[][];
      expected.forEach(({ candidates, weights: hops }, b) => {
        const answers = [...config.classes, ...numbered[b].names];
        const scores = answers.map((_, n) => Math.exp(rows[b][n]));
        const sum = scores.reduce((total, score) => total + score, 0);
        for (const { answer, probability } of candidates) {
          expect(scores[answers.indexOf(answer)] / sum).toBeCloseTo(probability, 5);
        }
        expect(weights === undefined).toBe(hops === undefined);
        const own = (weights?.arraySync() as number[][][] | undefined)?.[b];
        hops?.forEach((hop, h) => hop.forEach((weight, n) => expect(own![h][n]).toBeCloseTo(weight, 5)));
      });
    });
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

const split = (text: string): string[] => text.split(' ');

/** Words that aren't known are names, numbered as they come. */
function numberNames({ symbols }: MemoryConfig, { facts, question }: Story) {
  const names: string[] = [];
  const number = (word: string): number => {
    if (symbols.includes(word)) return symbols.indexOf(word) + 1;
    if (!names.includes(word)) names.push(word);
    return symbols.length + 1 + names.indexOf(word);
  };
  return { facts: facts.map((words) => words.map(number)), question: question.map(number), names };
}
