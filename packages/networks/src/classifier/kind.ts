import { parseConfig, type Network } from '@heed/nn';
import { classificationReport } from '@heed/metrics';
import { classIds, createClassifier, sizeOf, type Classifier, type LabelledText } from './classifier.js';
import { classifierSchema, type ClassifierConfig } from './config.js';

/**
 * Classifiers of texts: a text is one item. The error is the cross-entropy, which tells two states of a model apart that are wrong
 * equally often.
 */
export const classifier: Network<ClassifierConfig, Classifier, LabelledText, LabelledText> = {
  kind: 'classifier',
  parse: (value) => parseConfig('classifier', classifierSchema, value) as ClassifierConfig,
  create: createClassifier,
  items: (example) => [example],
  lengths: (text) => ({ source: sizeOf(text), target: text.sentences.length }),
  async validate(model, examples) {
    const { classes } = model.config;
    const ids = classIds(examples, classes);
    const found = await model.classify(examples);
    const { accuracy, macroF1 } = classificationReport(
      classes,
      found.map(({ label }, n) => ({ label, expected: examples[n].label })),
    );
    const surprise = found.map(({ probabilities }, n) => -Math.log(Math.max(probabilities[ids[n]], LEAST_PROBABILITY)));
    const crossEntropy = surprise.reduce((sum, nats) => sum + nats, 0) / examples.length;
    return { error: crossEntropy, figures: { crossEntropy, accuracy, macroF1 } };
  },
};

// What float32 rounds to 0 must not make the mean infinite.
const LEAST_PROBABILITY = 1e-12;
