import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import {
  addBias,
  breathe,
  checkLossOptions,
  createDropout,
  crossEntropy,
  guardedGraphs,
  parseConfig,
  tidy,
  whileAlive,
  withParameters,
  type Dropout,
  type LossOptions,
  type Parameters,
  type ParameterTable,
  type Trainable,
} from '@heed/nn';
import { numberWords, type NumberedTexts, type Text } from './batch.js';
import { classifierSchema, type ClassifierConfig } from './config.js';
import { classifierGraphs } from './graphs.js';
import { createLevel } from './level.js';
import { splitWeights } from './weights.js';
import { createWordVectors } from './word-vectors.js';

/** A text with its class. */
export interface LabelledText extends Text {
  readonly label: string;
}

export interface Classification {
  /** The most probable class. */
  readonly label: string;
  /** Probabilities in the order of the configuration's classes; they sum to 1. */
  readonly probabilities: readonly number[];
  /**
   * With attention, of each sentence the weights of its words. Of a hierarchical model they sum to 1 in each sentence, else over
   * the whole text.
   */
  readonly words?: readonly Float32Array[];
  /** Weights of the sentences, of a hierarchical model with attention; they sum to 1. */
  readonly sentences?: Float32Array;
}

/**
 * A model that says which class a text is of. Results for a text don't depend on the texts that it is given together with.
 *
 * @see Yang et al. 2016, "Hierarchical attention networks for document classification"; Lin et al. 2017, arXiv:1703.03130
 */
export interface Classifier extends Trainable<LabelledText> {
  readonly config: ClassifierConfig;
  /**
   * Mean cross-entropy per text, in nats.
   *
   * @returns a scalar, the caller's to dispose
   * @throws HeedError INVALID_ARGUMENT for no texts, one without a word, or a class that the model doesn't have
   */
  loss(texts: readonly LabelledText[], options?: LossOptions): tf.Scalar;
  /** @throws HeedError INVALID_ARGUMENT for a text without a word; NOT_FINITE when the parameters are broken */
  classify(texts: readonly Text[]): Promise<Classification[]>;
}

/**
 * A model with parameters from the configuration's seed, or with the given ones.
 *
 * @param given values of all parameters by key, as `parameters` names them; copied
 * @throws HeedError CONFIG_INVALID; with given values CHECKPOINT_INVALID (one is missing or unknown), SHAPE_MISMATCH,
 *   NOT_FINITE
 */
export function createClassifier(config: ClassifierConfig, given?: ParameterTable): Classifier {
  const checked = parseConfig('createClassifier', classifierSchema, config) as ClassifierConfig;
  return withParameters(checked.seed, given, (parameters) => build(checked, parameters));
}

interface Read {
  readonly logits: tf.Tensor2D;
  /** [B, T] of the words of each text, or of each sentence when hierarchical. */
  readonly words?: tf.Tensor2D;
  /** [B, T] of the sentences of each text. */
  readonly sentences?: tf.Tensor2D;
}

function build(config: ClassifierConfig, parameters: Parameters): Classifier {
  const { classes, hierarchical } = config;
  const vectors = createWordVectors(config, parameters);
  const overWords = createLevel(config, parameters, 'words', config.embeddingWidth);
  const overSentences = hierarchical ? createLevel(config, parameters, 'sentences', overWords.width) : undefined;
  const kernel = parameters.kernel('output/kernel', [(overSentences ?? overWords).width, classes.length]);
  const bias = parameters.bias('output/bias', new Float32Array(classes.length));

  function read({ words, sequences, texts }: NumberedTexts, drop: Dropout = (x) => x): Read {
    const first = overWords.join(drop(vectors.of(words), 'words'), sequences);
    const joined = drop(first.vectors, 'sequences');
    const second = overSentences?.join(joined, texts);
    const whole = second === undefined ? joined : drop(second.vectors, 'texts');
    return {
      logits: scores(whole),
      ...(first.weights && { words: first.weights }),
      ...(second?.weights && { sentences: second.weights }),
    };
  }

  const scores = (vectors: tf.Tensor2D): tf.Tensor2D => addBias(tf.matMul(vectors, kernel), bias);

  async function classifyChunk(texts: readonly Text[]): Promise<Classification[]> {
    const numbered = numberWords('classify', texts, hierarchical);
    const { probabilities, words, sentences } = tidy(() => {
      const { logits, ...weights } = read(numbered);
      return { probabilities: tf.softmax(logits), ...weights };
    });
    try {
      const shares = await probabilities.data<'float32'>();
      if (!shares.every(Number.isFinite)) {
        throw new HeedError('NOT_FINITE', {
          message: 'classifier: a probability is not finite',
          hint: 'the parameters are broken: training diverged, or the file is damaged',
        });
      }
      const wordWeights = await words?.data<'float32'>();
      const sentenceWeights = await sentences?.data<'float32'>();
      return texts.map((_, n) => {
        const own = Array.from(shares.subarray(n * classes.length, (n + 1) * classes.length));
        return {
          label: classes[own.indexOf(Math.max(...own))],
          probabilities: own,
          ...splitWeights(numbered, n, { words: wordWeights, sentences: sentenceWeights }),
        };
      });
    } finally {
      tf.dispose([probabilities, ...(words ? [words] : []), ...(sentences ? [sentences] : [])]);
    }
  }

  return {
    config,
    parameters: parameters.all,
    parameterCount: parameters.count,
    loss(texts, options = {}) {
      checkLossOptions('classifier: loss', options);
      const { labelSmoothing = 0, dropout } = options;
      parameters.assertAlive('classifier: loss');
      const numbered = numberWords('loss', texts, hierarchical);
      const ids = classIds(texts, classes);
      const drop = dropout && createDropout(config.dropout, dropout.seed, dropout.step);
      const weights = new Float32Array(texts.length).fill(1 / texts.length);
      return tidy(() => crossEntropy(read(numbered, drop).logits, { ids, weights, smoothing: labelSmoothing }));
    },
    async classify(texts) {
      const assertAlive = (): void => parameters.assertAlive('classifier: classify');
      assertAlive();
      // Texts of like length together, results in the order of the texts.
      const order = texts.map((_, n) => n).toSorted((a, b) => sizeOf(texts[a]) - sizeOf(texts[b]));
      const results = Array.from<Classification>({ length: texts.length });
      for (let start = 0; start < order.length; start += CHUNK) {
        const chunk = order.slice(start, start + CHUNK);
        const classified = await whileAlive(assertAlive, () => classifyChunk(chunk.map((n) => texts[n])));
        chunk.forEach((n, i) => (results[n] = classified[i]));
        await breathe();
      }
      return results;
    },
    graphs: () =>
      guardedGraphs('classifier', parameters, () => classifierGraphs({ vectors, overWords, overSentences, scores })),
    dispose: () => parameters.dispose(),
  };
}

// Texts at once: enough for matrix products to be efficient, few enough to stay small.
const CHUNK = 64;

/** @throws HeedError INVALID_ARGUMENT for a label that is no class */
export function classIds(texts: readonly Pick<LabelledText, 'label'>[], classes: readonly string[]): Int32Array {
  return Int32Array.from(texts, ({ label }) => {
    const id = classes.indexOf(label);
    if (id >= 0) return id;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `classifier: there is no class ${JSON.stringify(label)}`,
      hint: `classes are: ${classes.join(', ')}`,
      details: { label, classes },
    });
  });
}

export const sizeOf = ({ sentences }: Text): number => sentences.reduce((sum, { length }) => sum + length, 0);
