import { DOCUMENTS, NORMAL_FORMS, PAIR_FORMATS, UNITS, type Unit } from '@heed/datasets/settings';
import { flag, toggle, type Flag, type FlagsOf } from '../flag.js';
import { InvalidValue, names, number, wholeNumber } from '../flag-values.js';
import { either } from '../mechanism-names.js';

/** The files of somebody's own data. */
export const FILE_FLAGS = {
  data: flag('<file...>', 'files of your own to learn from, with pairs, labels, text and captions'),
  validation: flag('<file...>', 'files for validation, instead of a part of the data'),
  test: flag('<file...>', 'files for the test, instead of a part of the data'),
};

/** What files hold, and how it is read. */
export const SETTING_FLAGS = {
  format: among('<name>', PAIR_FORMATS, 'of tables (default: by the file’s name)'),
  header: toggle('the first row names the columns'),
  columns: flag(
    '<first,second>',
    'columns of source and target, of text and label, or of file, caption and language: names, or numbers from 1',
    columns,
  ),
  group: flag('<column>', 'rows with the same value there stay in one part'),
  units: flag(
    '<source,target>',
    `what pairs are cut into, one for both or each: ${either(UNITS)} (default: by the data)`,
    units,
  ),
  merges: flag('<number>', 'pieces of words to learn (default: 2000)', wholeNumber({ most: 100_000 })),
  longest: flag(
    '<number>',
    'leave out pairs with more units to learn from (default: by the data)',
    wholeNumber({ least: 1 }),
  ),
  documents: among('<name>', DOCUMENTS, 'what is one document of text'),
  window: flag(
    '<number>',
    'characters of text that are read at once (default: 192)',
    wholeNumber({ least: 2, most: 65_536 }),
  ),
  normalForm: among('<form>', NORMAL_FORMS, 'Unicode form of the texts (default: NFC)'),
  validationShare: flag('<share>', 'part of the data for validation (default: 0.05)', number({ least: 0, below: 1 })),
  testShare: flag('<share>', 'part of the data for the test (default: 0.1)', number({ least: 0, below: 1 })),
};

export type FileFlags = FlagsOf<typeof FILE_FLAGS>;
export type SettingFlags = FlagsOf<typeof SETTING_FLAGS>;

/** A flag with one of a few names, or none. */
function among<const Name extends string>(value: string, choices: readonly Name[], about: string): Flag<Name, false> {
  return flag(value, `${either(choices)}: ${about}`, (text) => {
    const found = choices.find((name) => name.toLowerCase() === text.toLowerCase());
    if (found === undefined) throw new InvalidValue(`It must be ${either(choices)}.`);
    return found;
  });
}

function columns(text: string): readonly string[] {
  const given = names(text);
  if (given.length < 2 || given.length > 3 || given.includes('')) {
    throw new InvalidValue('It takes two columns, and of captions two or three: word,sounds or 1,3.');
  }
  return given;
}

function units(text: string): readonly [Unit, Unit] {
  const given = names(text).map((name) => UNITS.find((unit) => unit === name));
  if (given.length > 2 || given.includes(undefined)) {
    throw new InvalidValue(`It must be ${either(UNITS)}, for both sides or one for each: characters,words.`);
  }
  const [source, target = source] = given as Unit[];
  return [source, target] as [Unit, Unit];
}
