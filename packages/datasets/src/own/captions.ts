import { checkOptions, HeedError, type OptionNames } from '@heed/base';
import type { Picture } from '@heed/pictures';
import { Likeness } from '../caption/near-identical.js';
import { captionSymbols } from '../caption/symbols.js';
import type { Dataset } from '../dataset.js';
import { fingerprint } from '../fingerprint.js';
import { NumberedComponents } from '../numbered-components.js';
import { assertSplit, type Split } from '../split.js';
import { MOST_PICTURES, PictureFolder } from './captions-files.js';
import { readPictures, type InspectCaptions } from './captions-pictures.js';
import { readCaptionRows, shapeOfCaptions, type CaptionColumns, type CaptionRow } from './captions-rows.js';
import { checkOneOf } from './check-settings.js';
import { NORMAL_FORMS, TABLE_FORMATS, type CommonSettings, type DataFile } from './own-data.js';
import { partsOf } from './parts.js';
import { FilesReading, type OwnLoadOptions } from './source-files.js';

/** Somebody's own pictures with their captions. */
export interface CaptionFiles {
  /** Table of the pictures' files and their captions. */
  readonly captions: DataFile;
  /** PNG, JPEG and WebP files; the name of each is its path in the folder of the captions. */
  readonly pictures: readonly DataFile[];
}

/** Settings of pictures with captions: of the split, and which columns are read, by names or by numbers from 1. */
export interface CaptionsSettings extends CommonSettings, CaptionColumns {}

/** A picture of somebody's own, and what it is called. */
export interface OwnCaption {
  /** Picture of 64 by 64 pixels in RGBA: as large as fits, in the middle of clear pixels. */
  readonly picture: Picture;
  /** Path of its file in the folder. */
  readonly file: string;
  /** BCP 47 tag in small letters; 'und' where the table doesn't say. */
  readonly language: string;
  /** The first of its captions. */
  readonly text: string;
  /** All captions of the picture in the language. */
  readonly references: readonly string[];
  /** Symbols of each: words, with other signs by themselves; of scripts without spaces characters. */
  readonly targets: readonly (readonly string[])[];
}

/** Dataset of one's own captions, an example for each language of each picture. */
export interface CaptionsDataset extends Dataset<OwnCaption> {
  /** Symbols of the training part's captions, sorted. */
  readonly symbols: readonly string[];
  /** Languages of all captions, sorted. */
  readonly languages: readonly string[];
}

/** Names of all settings. */
export const CAPTIONS_SETTINGS: OptionNames<CaptionsSettings> = {
  seed: true,
  normalForm: true,
  validationShare: true,
  testShare: true,
  format: true,
  header: true,
  file: true,
  caption: true,
  language: true,
};

/** Captions of one picture on average, at most. */
const MOST_CAPTIONS_EACH = 10;

/**
 * Pictures with captions from a folder: a table (TSV, CSV or JSON Lines) with a file, a caption and, where it has a third column, a
 * language in each row. Pictures that look alike, and all captions of a picture, are in one part.
 *
 * @throws HeedError FILE_INVALID with file and line: for a caption without text or without a picture, a path out of the folder, what is no
 *   language, a picture that can't be read, pictures without a caption; FILE_TOO_LARGE; INVALID_ARGUMENT for settings out of range and
 *   too few pictures for the parts; UNKNOWN_OPTION; the signal's reason
 */
export const loadCaptions = (
  files: CaptionFiles,
  settings: CaptionsSettings,
  options: OwnLoadOptions = {},
): Promise<CaptionsDataset> => inspectCaptions(files, settings, options);

/** The same as `loadCaptions`, with what is read shown to an inspector. */
export async function inspectCaptions(
  files: CaptionFiles,
  settings: CaptionsSettings,
  options: OwnLoadOptions,
  inspect?: InspectCaptions,
): Promise<CaptionsDataset> {
  checkOptions('loadCaptions: files', files, { captions: true, pictures: true });
  checkOptions('loadCaptions', settings, CAPTIONS_SETTINGS);
  checkOptions('loadCaptions: options', options, { signal: true, onProgress: true });
  const { seed, validationShare: validation = 0.05, testShare: test = 0.1 } = settings;
  assertSplit(seed, { validation, test });
  const normalForm = checkOneOf('loadCaptions: normalForm', settings.normalForm, NORMAL_FORMS) ?? NORMAL_FORMS[0];
  checkOneOf('loadCaptions: format', settings.format, TABLE_FORMATS);
  if (typeof files.captions?.stream !== 'function') {
    throw new HeedError('INVALID_ARGUMENT', {
      message: "loadCaptions: captions isn't a file",
      hint: "a File of a page, or captionFiles(path) of '@heed/datasets/node'",
    });
  }

  const folder = new PictureFolder(files.pictures);
  const source = { part: 'train', file: files.captions } as const;
  const shape = await shapeOfCaptions(source, settings);
  const reading = new FilesReading([source], { ...(options.signal && { signal: options.signal }) });
  const counts = { rows: 0, blank: 0 };
  const most = MOST_CAPTIONS_EACH * MOST_PICTURES;
  const rows = await readCaptionRows(source, shape, { normalForm, most }, counts, reading);
  if (inspect !== undefined) for (const row of rows) inspect.caption(row);
  const { pictures, numbers } = await readPictures(rows, folder, options, inspect);
  folder.assertAllNamed(files.captions.name, new Set(numbers.keys()));

  const components = new NumberedComponents(pictures.length);
  for (const [a, b] of new Likeness(pictures.map(({ picture }) => picture)).pairs()) components.join(a, b);
  pictures.forEach((picture, n) => {
    const first = components.rootOf(n);
    if (first !== n) inspect?.alike(picture, pictures[first]);
  });
  const parts = partsOf(
    'captions',
    { size: pictures.length, components, keyOf: (n) => pictures[n].key },
    { seed, validation, test, given: () => 'train' },
  );
  const splits: Record<Split, OwnCaption[]> = { train: [], validation: [], test: [] };
  for (const { path, language, captions } of captionsTogether(rows)) {
    const n = numbers.get(path)!;
    splits[parts.of(n)!].push({
      picture: pictures[n].picture,
      file: path,
      language,
      text: captions[0],
      references: captions,
      targets: captions.map((caption) => captionSymbols(caption, language)),
    });
  }
  const [file, caption, language] = shape.columns;
  const identity = {
    task: 'captions',
    version: `${reading.version()} pictures:${fingerprint(pictures.map(({ key }) => `${key}\n`))}`,
    options: {
      seed,
      normalForm,
      validationShare: validation,
      testShare: test,
      format: shape.format,
      header: shape.header,
      file,
      caption,
      ...(language !== undefined && { language }),
    },
  };
  return {
    ...identity,
    ...splits,
    symbols: [...new Set(splits.train.flatMap(({ targets }) => targets.flat()))].toSorted(),
    languages: [...new Set(rows.map(({ language }) => language))].toSorted(),
    describe: () => ({
      ...identity,
      title: `Captions of ${files.captions.name}`,
      source: files.captions.name,
      url: '',
      licence: 'yours',
      counts: {
        rows: counts.rows,
        blankLines: counts.blank,
        pictures: pictures.length,
        groupsOfPictures: parts.groups,
        largestGroup: parts.largestGroup,
        train: splits.train.length,
        validation: splits.validation.length,
        test: splits.test.length,
      },
      alphabets: {},
      notes: [
        'Pictures are as large as fits into 64 by 64 pixels, in the middle of clear ones.',
        'All captions of a picture, and of pictures that look alike, are in one part, by a hash of a picture’s file and the seed.',
      ],
    }),
  };
}

/** All captions of a picture in a language, in the order of the rows; each counts once. */
function captionsTogether(
  rows: readonly CaptionRow[],
): { readonly path: string; readonly language: string; readonly captions: readonly string[] }[] {
  const together = new Map<string, { path: string; language: string; captions: string[] }>();
  for (const { path, language, caption } of rows) {
    const key = `${language} ${path}`;
    let all = together.get(key);
    if (all === undefined) together.set(key, (all = { path, language, captions: [] }));
    if (!all.captions.includes(caption)) all.captions.push(caption);
  }
  return [...together.values()];
}
