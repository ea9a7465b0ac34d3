import { HeedError } from '@heed/base';
import { NORMAL_FORMS, tidyPairText, type PairsSettings } from '@heed/datasets';
import { sequences, type ReadingSettings, type ReadSource, type SequenceReading } from '../reading.js';
import { fillIn } from '../unknown.js';
import { cutterOf, decided, textOf } from './cutter.js';

// Beyond the longest sources that anybody waits for.
const LONGEST_INPUT = 4000;

/**
 * A source as the data have it.
 *
 * @throws HeedError INVALID_ARGUMENT for one of no characters, or of too many
 */
export function tidySource(text: string, { normalForm = NORMAL_FORMS[0] }: Pick<PairsSettings, 'normalForm'>): string {
  const tidy = tidyPairText(text, { normalForm });
  if (tidy !== '' && tidy.length <= LONGEST_INPUT) return tidy;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `pairs: the text has ${tidy.length} characters`,
    hint: `1 to ${LONGEST_INPUT.toLocaleString('en')} characters`,
    details: { text: text.slice(0, 1000), length: tidy.length },
  });
}

/** A source in the units of a vocabulary. A model that copies takes any of them, and writes it. */
export function cutSource(
  text: string,
  {
    symbols: vocabulary,
    copying,
    unit,
  }: Omit<ReadingSettings, 'data'> & { readonly unit: PairsSettings['sourceUnit'] },
): ReadSource {
  const { units, symbols } = cutterOf(decided('pairs', 'sourceUnit', unit), vocabulary).cut(text);
  return { units, symbols: copying ? units : symbols };
}

export const reading: SequenceReading = {
  ...sequences,
  read(text, { data, ...settings }) {
    const { sourceUnit: unit, ...form } = data as Omit<PairsSettings, 'seed'>;
    return cutSource(tidySource(text, form), { ...settings, unit });
  },
  write: (written, { units, symbols }, { data }) =>
    textOf(
      decided('pairs', 'targetUnit', (data as Omit<PairsSettings, 'seed'>).targetUnit),
      fillIn(written, units, symbols),
    ),
};
