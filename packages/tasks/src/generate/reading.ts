import { HeedError } from '@heed/base';
import { normalizeText, strangeCharacter } from '@heed/datasets';
import { textReading } from '../reading.js';
import { assertLength } from '../text/assert-length.js';

// Greatest length of a prompt. A model looks back no further than its window, but time and memory for the maps grow with the
// square of the whole length.
const LONGEST = 1000;

/**
 * The beginning of a speech in the characters of the data.
 *
 * @throws HeedError INVALID_ARGUMENT for a character that they don't have
 */
export function beginningOf(text: string): string {
  const strange = strangeCharacter(text);
  if (strange !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `generate: the text has the character ${JSON.stringify(strange)}`,
      hint: `letters a to z, digits, space and . , ; : ' " $ ! ? ( ) [ ] / % & -`,
      details: { text, character: strange },
    });
  }
  const normal = normalizeText(text);
  // A space at the end is kept: it says that a new word begins.
  const prompt = normal !== '' && /\s$/.test(text) ? `${normal} ` : normal;
  assertLength('generate', prompt, LONGEST);
  return prompt;
}

export const reading = textReading((text) => [...beginningOf(text)], { length: 200, temperature: 0.7 });
