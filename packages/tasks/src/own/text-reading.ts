import { HeedError } from '@heed/base';
import { cutInto, normalizeOwnText, type TextSettings } from '@heed/datasets';
import { textReading } from '../reading.js';
import { assertLength } from '../text/assert-length.js';

// As of the built-in writer: a model looks back no further than its window.
const LONGEST = 1000;
/** Stands for what was too rare to be learnt. */
const REPLACEMENT = '\uFFFD';

/**
 * A beginning as the data have it.
 *
 * @throws HeedError INVALID_ARGUMENT for one that is too long
 */
export function promptOf(text: string, settings: Pick<TextSettings, 'normalForm'>): string {
  const prompt = normalizeOwnText(text, settings);
  assertLength('text', prompt, LONGEST);
  return prompt;
}

/**
 * Symbols of a beginning, in which characters that a model doesn't know are those that were too rare to be learnt.
 *
 * @param vocabulary of the model
 * @throws HeedError INVALID_ARGUMENT where it learnt none of these
 */
export function readable(text: string, symbols: readonly string[], vocabulary: readonly string[]): readonly string[] {
  const known = new Set(vocabulary);
  const strange = symbols.find((symbol) => !known.has(symbol));
  if (strange === undefined) return symbols;
  if (known.has(REPLACEMENT)) return symbols.map((symbol) => (known.has(symbol) ? symbol : REPLACEMENT));
  throw new HeedError('INVALID_ARGUMENT', {
    message: `text: the text has the character ${JSON.stringify(strange)}, which the model never read`,
    hint: `it knows ${known.size} characters: ${[...known].slice(0, 100).join(' ')}`,
    details: { text, character: strange },
  });
}

export const reading = textReading(
  (text, { data, symbols }) => {
    const prompt = promptOf(text, data as Omit<TextSettings, 'seed'>);
    return readable(prompt, cutInto('characters', prompt), symbols);
  },
  { length: 200, temperature: 0.7 },
);
