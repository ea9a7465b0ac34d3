import { classifier } from '@heed/networks';
import { loadSpam, parseMail, type ClassifiedDataset, type MailExample } from '@heed/datasets';
import { classifying, type ClassifierInput } from '../classification.js';
import { defineTask } from '../define-task.js';
import { presets } from './presets.js';

/** Classification of mails as spam or wanted (ham), on SpamAssassin's public corpus. */
export const spam = defineTask<typeof classifier, ClassifierInput, ClassifiedDataset<MailExample>>({
  networks: [classifier],
  ...classifying(['ham', 'spam'], 'spam'),
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
  multiline: true,
  presets,
  metrics: [
    { key: 'accuracy', label: 'accuracy', format: 'share', better: 'higher', meaning: 'mails told right' },
    {
      key: 'f1',
      label: 'F1 of spam',
      format: 'share',
      better: 'higher',
      meaning: 'harmonic mean of two shares: of those called spam, how many are; of the spam ones, how many are found',
    },
    { key: 'macroF1', label: 'macro F1', format: 'share', better: 'higher', meaning: 'mean of the F1 of each class' },
  ],
  load: loadSpam,
  parse: parseMail,
});
