import { loadSpam, parseMail, type ClassifiedDataset, type MailExample } from '@heed/datasets';
import {
  classifierAnswers,
  figuresFor,
  judgeClassifier,
  mostCommonClass,
  naiveBayes,
  type ClassifierInput,
} from '../classification.js';
import type { Task } from '../task.js';
import { presets } from './presets.js';

const CLASSES = ['ham', 'spam'];
const figures = figuresFor('spam');

/** Whether a mail is spam, on SpamAssassin's public corpus. */
export const spam: Task<'classifier', ClassifierInput, MailExample> = {
  name: 'spam',
  title: 'Spam or not',
  description:
    'Give the text of a mail, get whether it is spam, and see which sentences, and which words in them, decided.',
  limits: [
    'It knows mails of 2002: mailing lists of programmers as ham, bulk mail of that year as spam. No filter for mail of today.',
    'English only, and the text only: no headers, links or attachments.',
    'The ham that it takes for spam is mostly newsletters and offers that somebody had asked for.',
    'It reads the subject and about the first 300 words.',
  ],
  unit: 'mails',
  example: 'Subject: You have won!\n\nClick here to claim your free prize. This offer ends today.',
  presets,
  options: [],
  metrics: [
    { key: 'accuracy', label: 'accuracy', format: 'share', better: 'higher' },
    { key: 'f1', label: 'F1 of spam', format: 'share', better: 'higher' },
    { key: 'macroF1', label: 'macro F1', format: 'share', better: 'higher' },
  ],
  load: loadSpam,
  configure({ model }, data, seed) {
    const { symbols, classes } = data as ClassifiedDataset<MailExample>;
    return { ...model, symbols, classes, seed };
  },
  judge: (model, examples, options) => judgeClassifier(model, examples, figures, options),
  baselines: [mostCommonClass(CLASSES, figures), naiveBayes(CLASSES, figures)],
  parse: parseMail,
  write: ({ text }) => text,
  expected: ({ label }) => [label],
  answer: classifierAnswers,
};
