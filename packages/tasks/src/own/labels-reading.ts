import { HeedError } from '@heed/base';
import { cutLabelText, type LabelsSettings } from '@heed/datasets';
import { wordReading } from '../reading.js';

/**
 * The words of a text by sentences.
 *
 * @throws HeedError INVALID_ARGUMENT for a text without a word
 */
export function sentencesOf(text: string, settings: Omit<LabelsSettings, 'seed'>): string[][] {
  const sentences = cutLabelText(text, settings);
  if (sentences.length > 0) return sentences;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `labels: ${JSON.stringify(text.slice(0, 80))} has no word`,
    hint: 'write a few words',
    details: { text: text.slice(0, 1000) },
  });
}

export const reading = wordReading((text, data) => sentencesOf(text, data as Omit<LabelsSettings, 'seed'>));
