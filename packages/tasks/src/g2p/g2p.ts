import { loadG2p, parseWord, type SequenceDataset } from '@heed/datasets';
import { evaluate, presets, recurrent, type EvaluationReport } from '@heed/networks';
import { positionalBaseline } from '@heed/metrics';
import { defineTask } from '../define-task.js';
import { sequencing, type SequenceInput } from '../recurrent.js';
import type { Judgement } from '../task.js';
import { formatPhonemes } from './reading.js';

/** Grapheme-to-phoneme conversion on the CMU Pronouncing Dictionary. */
export const g2p = defineTask<typeof recurrent, SequenceInput, SequenceDataset>({
  networks: [recurrent],
  ...sequencing(judgement, formatPhonemes),
  name: 'g2p',
  title: 'Grapheme-to-phoneme conversion',
  description: 'Spell an English word, get its sounds in ARPAbet, and see which letters each sound came from.',
  limits: [
    'It knows North American English as one dictionary has it; names and loanwords are often wrong.',
    'About every fourth word that it never saw has a wrong phoneme: it shows how attention works, and is no pronunciation guide.',
    'Letters a to z, apostrophe, hyphen and full stop; one word at a time.',
  ],
  unit: 'words',
  example: 'attending',
  multiline: false,
  presets: {
    small: { title: "Luong's general attention", ...presets.small },
    standard: { title: "Bahdanau's additive attention", ...presets.standard },
  },
  metrics: [
    {
      key: 'wordErrorRate',
      label: 'word error',
      format: 'share',
      better: 'lower',
      meaning: 'words not said exactly as in the dictionary',
    },
    {
      key: 'phonemeErrorRate',
      label: 'phoneme error',
      format: 'share',
      better: 'lower',
      meaning: 'sounds to change, put in or take out, of all sounds',
    },
    {
      key: 'monotonicity',
      label: 'order of attention',
      format: 'number',
      better: 'higher',
      meaning: '1 where attention moves through the letters from first to last',
    },
  ],
  load: loadG2p,
  baselines: [
    {
      title: 'most common phoneme per letter',
      judge: async (train, examples) => judgement(await evaluate(positionalBaseline(train), examples)),
    },
  ],
  parse: (text) => ({ text: text.trim(), source: parseWord(text) }),
  expected: ({ targets }) => targets.map(formatPhonemes),
});

function judgement(report: EvaluationReport): Judgement {
  const { examples, sequenceErrors, sequenceErrorRate, tokens, tokenErrors, tokenErrorRate, monotonicity } = report;
  return {
    examples,
    figures: {
      wordErrors: sequenceErrors,
      wordErrorRate: sequenceErrorRate,
      phonemes: tokens,
      phonemeErrors: tokenErrors,
      phonemeErrorRate: tokenErrorRate,
      ...(monotonicity !== undefined && { monotonicity }),
    },
  };
}
