import { checkOptions, HeedError, show, type OptionNames } from '@heed/base';
import { assertSplit, type Shares } from '../split.js';
import { NORMAL_FORMS, type CommonSettings, type NormalForm, type OwnFiles } from './own-data.js';
import { checkFiles, type OwnLoadOptions } from './source-files.js';

/** What a loader is given. */
interface Given<Settings extends CommonSettings> {
  readonly files: OwnFiles;
  readonly settings: Settings;
  /** Names of all its settings. */
  readonly names: OptionNames<Settings>;
  readonly options: OwnLoadOptions;
}

/** Settings of every kind of data, complete. */
interface Common {
  readonly shares: Shares;
  readonly normalForm: NormalForm;
}

/**
 * Settings that all kinds of data have, once everything that a loader is given has only names that are known.
 *
 * @param kind of the data: 'pairs'
 * @throws HeedError UNKNOWN_OPTION; INVALID_ARGUMENT for no files, or a setting out of range
 */
export function checkCommon<Settings extends CommonSettings>(
  kind: string,
  { files, settings, names, options }: Given<Settings>,
): Common {
  const call = `load${kind[0].toUpperCase()}${kind.slice(1)}`;
  checkOptions(`${call}: files`, files, { data: true, validation: true, test: true });
  checkOptions(call, settings, names);
  checkOptions(`${call}: options`, options, OPTIONS);
  checkFiles(call, files);
  const shares = checkShares(kind, files, settings);
  assertSplit(settings.seed, shares);
  return {
    shares,
    normalForm: checkOneOf(`${kind}: normalForm`, settings.normalForm, NORMAL_FORMS) ?? NORMAL_FORMS[0],
  };
}

const OPTIONS: OptionNames<OwnLoadOptions> = { signal: true, onProgress: true };

/**
 * A setting that is one of a list, or undefined.
 *
 * @throws HeedError INVALID_ARGUMENT
 */
export function checkOneOf<Value>(what: string, value: Value | undefined, values: readonly Value[]): Value | undefined {
  if (value === undefined || values.includes(value)) return value;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what} is ${show(value)}`,
    hint: `one of ${values.join(', ')}`,
  });
}

/**
 * Shares of the data that are for validation and for the test: nothing for a part that has files of its own.
 *
 * @throws HeedError INVALID_ARGUMENT for a share together with files
 */
function checkShares(task: string, files: OwnFiles, { validationShare, testShare }: CommonSettings): Shares {
  const shareOf = (part: 'validation' | 'test', share: number | undefined, usual: number): number => {
    if (files[part] === undefined) return share ?? usual;
    if (share === undefined || share === 0) return 0;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${task}: ${part}Share is ${share}, and ${part} has files of its own`,
      hint: 'give one of the two',
      details: { part, share },
    });
  };
  return { validation: shareOf('validation', validationShare, 0.05), test: shareOf('test', testShare, 0.1) };
}
