import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import {
  breathe,
  checkLossOptions,
  crossEntropy,
  parseConfig,
  type Network,
  type ParameterTable,
  type Trainable,
} from '@heed/nn';
import * as v from 'valibot';
import type { PretrainedModel } from '../model.js';
import type { Inputs } from '../networks/network.js';
import type { Encoding } from '../tokens/tokenizer.js';
import { besideOneAnother, longestOf, tokenizerOf, type Sequence } from './sequences.js';
import { tune, tunedSettings, type Tuned } from './tuned.js';

const schema = v.strictObject({
  kind: v.literal('pretrained-classifier'),
  ...tunedSettings,
  /** Names of the classes. */
  classes: v.pipe(
    v.array(v.pipe(v.string(), v.minLength(1))),
    v.minLength(2),
    v.check((names) => new Set(names).size === names.length, 'must not hold a class twice'),
  ),
});

export type PretrainedClassifierConfig = v.InferOutput<typeof schema>;

interface LabelledText {
  readonly text: string;
  readonly label: string;
}

/** Texts that are classified at once. */
const BATCH_SIZE = 16;
/** What float32 rounds to 0 must not make the mean infinite. */
const LEAST_PROBABILITY = 1e-12;
/** Names of layers that make scores of what a text is pooled to, in all families. */
const LAST_LAYERS = ['classifier', 'score', 'pre_classifier'];

interface Classified {
  readonly label: string;
  /** By the order of the classes. */
  readonly probabilities: Float32Array;
}

/** A pretrained model with a head that tells which class a text is of, to be trained on. */
export interface PretrainedClassifier extends Trainable<LabelledText>, Tuned {
  readonly config: PretrainedClassifierConfig;
  /**
   * The most probable class of each text, and the probabilities of all.
   *
   * @throws HeedError DISPOSED
   */
  classify(texts: readonly { readonly text: string }[]): Promise<readonly Classified[]>;
}

/**
 * Classifiers on the body of a pretrained model, whose last layer begins anew where the classes are others.
 *
 * @param base the pretrained model, asked for when a classifier is made of it; it stays the caller's
 */
export function pretrainedClassifier(
  base: () => PretrainedModel,
): Network<PretrainedClassifierConfig, PretrainedClassifier, LabelledText, LabelledText> {
  return {
    kind: 'pretrained-classifier',
    parse: (value) => parseConfig('pretrained classifier', schema, value),
    create: (config, given) => createClassifier(base(), config, given),
    items: (example) => [example],
    lengths: ({ text }) => ({ source: text.length, target: 1 }),
    async validate(model, examples) {
      const { classes } = model.config;
      const found = await model.classify(examples);
      const nats = found.map(
        ({ probabilities }, n) =>
          -Math.log(Math.max(probabilities[classes.indexOf(examples[n]!.label)]!, LEAST_PROBABILITY)),
      );
      const crossEntropy = nats.reduce((sum, one) => sum + one, 0) / examples.length;
      const accuracy = found.filter(({ label }, n) => label === examples[n]!.label).length / examples.length;
      return { error: crossEntropy, figures: { crossEntropy, accuracy } };
    },
  };
}

function createClassifier(
  base: PretrainedModel,
  config: PretrainedClassifierConfig,
  given: ParameterTable | undefined,
): PretrainedClassifier {
  const { classes, seed, lora } = config;
  const architecture = base.architectures.find((name) => name.endsWith('ForSequenceClassification'));
  if (architecture === undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `the family of ${base.architecture} has no classifier of texts`,
      hint: `its classes are ${base.architectures.join(', ')}`,
    });
  }
  const tokenizer = tokenizerOf(base);
  const tuned = tune(base, { architecture, labels: classes, seed, lora, whole: LAST_LAYERS }, given);
  const { pretrained } = tuned;
  const most = longestOf(pretrained);
  const read = (texts: readonly { readonly text: string }[]): Inputs =>
    besideOneAnother(
      pretrained,
      texts.map(({ text }) => cut(tokenizer.encode(text), most)),
    );
  const logitsOf = (texts: readonly { readonly text: string }[]): tf.Tensor2D =>
    pretrained.run(read(texts)).logits as tf.Tensor2D;
  return {
    ...tuned,
    config,
    loss(texts, options = {}) {
      checkLossOptions('pretrained classifier: loss', options);
      const { labelSmoothing: smoothing = 0 } = options;
      const ids = Int32Array.from(texts, ({ label }) => classIn(classes, label));
      const weights = new Float32Array(texts.length).fill(1 / texts.length);
      return tf.tidy(() => crossEntropy(logitsOf(texts), { ids, weights, smoothing }));
    },
    async classify(texts) {
      const found: Classified[] = [];
      for (let start = 0; start < texts.length; start += BATCH_SIZE) {
        const probabilities = tf.tidy(() => tf.softmax(logitsOf(texts.slice(start, start + BATCH_SIZE))));
        const values = await probabilities.data<'float32'>();
        probabilities.dispose();
        for (let at = 0; at < values.length; at += classes.length) {
          const row = values.slice(at, at + classes.length);
          found.push({ label: classes[row.indexOf(Math.max(...row))]!, probabilities: row });
        }
        await breathe();
      }
      return found;
    },
  };
}

/** The beginning of a text that is too long, with the token that ends it. */
const cut = ({ ids, typeIds }: Encoding, most: number): Sequence => {
  const fitting = <Value>(row: readonly Value[]): readonly Value[] =>
    row.length <= most ? row : [...row.slice(0, most - 1), row.at(-1)!];
  return { ids: fitting(ids), typeIds: fitting(typeIds) };
};

function classIn(classes: readonly string[], label: string): number {
  const n = classes.indexOf(label);
  if (n >= 0) return n;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `a text is labelled ${JSON.stringify(label)}`,
    hint: `classes are: ${classes.join(', ')}`,
    details: { label, classes },
  });
}
