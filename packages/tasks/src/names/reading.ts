import { HeedError } from '@heed/base';
import { textReading } from '../reading.js';
import { assertLength } from '../text/assert-length.js';

// Greatest length of a prompt: four times that of the longest name of the data.
const LONGEST = 64;

/**
 * The beginning of a name.
 *
 * @throws HeedError INVALID_ARGUMENT for what no name has
 */
export function nameOf(text: string): string {
  const name = text.trim().toLowerCase();
  assertLength('names', name, LONGEST);
  const strange = [...name].find((character) => !/[a-z-]/.test(character));
  if (strange === undefined) return name;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `names: ${JSON.stringify(name)} has the character ${JSON.stringify(strange)}`,
    hint: 'a name is made of the letters a to z and the hyphen',
    details: { text, character: strange },
  });
}

export const reading = textReading((text) => [...nameOf(text)], { length: 20 });
