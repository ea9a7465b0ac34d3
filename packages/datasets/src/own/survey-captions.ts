import type { OwnFolder } from './own-data.js';
import { countCharacters } from './characters.js';
import { inspectCaptions, type CaptionsSettings, type OwnCaption } from './captions.js';
import { captionFilesOf } from './captions-folder.js';
import type { CaptionRow } from './captions-rows.js';
import type { OwnLoadOptions } from './source-files.js';
import { Suspicions } from './suspicions.js';
import type { Survey } from './survey-report.js';
import { alphabetFacts, lengthFacts } from './text-facts.js';

/** Pictures with fewer pixels a side show nothing. */
const SMALL = 8;
/** A caption that so many pictures of a language have, and more than this part of them, says little of each. */
const MANY = 5;
const LARGE_PART = 0.1;

/** What is found in pictures and their captions. */
export async function surveyCaptions(
  files: OwnFolder,
  settings: CaptionsSettings,
  options: OwnLoadOptions,
): Promise<Omit<Survey, 'kind'>> {
  const suspicions = new Suspicions();
  const rows: CaptionRow[] = [];
  const [widths, heights]: [number[], number[]] = [[], []];
  const data = await inspectCaptions(captionFilesOf(files), settings, options, {
    caption(row) {
      rows.push(row);
      suspicions.look(row.caption, row.place);
      if (isNameOf(row)) suspicions.add('a caption that is the name of its file', row.place, row.caption);
    },
    picture({ path, place, width, height }) {
      widths.push(width);
      heights.push(height);
      if (Math.min(width, height) < SMALL) {
        suspicions.add(`a picture of fewer than ${SMALL} pixels a side`, place, `${path}, ${width} × ${height}`);
      }
    },
    alike: ({ path, place }, earlier) =>
      suspicions.add('a picture that looks like an earlier one', place, `${path}, like ${earlier.path}`),
  });
  raiseShared(rows, suspicions);
  const all = [...data.train, ...data.validation, ...data.test];
  const of = new Map(data.languages.map((language) => [language, all.filter((one) => one.language === language)]));
  const captions = (examples: readonly OwnCaption[]): number =>
    examples.reduce((sum, { references }) => sum + references.length, 0);
  const each = <Value>(valueOf: (examples: readonly OwnCaption[]) => Value): Record<string, Value> =>
    Object.fromEntries(Array.from(of, ([language, examples]) => [`captions, ${language}`, valueOf(examples)]));
  return {
    summary: data.describe(),
    sizes: { width: lengthFacts(widths), height: lengthFacts(heights) },
    lengths: each((examples) => lengthFacts(examples.flatMap(({ targets }) => targets.map(({ length }) => length)))),
    alphabets: each((examples) => alphabetFacts(countCharacters(examples.flatMap(({ references }) => references)))),
    labels: Array.from(of, ([language, examples]) => [language, captions(examples)] as const).toSorted(
      ([, a], [, b]) => b - a,
    ),
    suspicions: suspicions.list(),
  };
}

const isNameOf = ({ path, caption }: CaptionRow): boolean => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return caption === name || caption === name.slice(0, name.lastIndexOf('.'));
};

/** Raises captions that many pictures share. */
function raiseShared(rows: readonly CaptionRow[], suspicions: Suspicions): void {
  const pictures = new Map<string, Set<string>>();
  const note = (key: string, path: string): void => {
    const known = pictures.get(key);
    if (known === undefined) pictures.set(key, new Set([path]));
    else known.add(path);
  };
  const keyOf = ({ language, caption }: CaptionRow): string => `${language} ${caption}`;
  for (const row of rows) {
    note(row.language, row.path);
    note(keyOf(row), row.path);
  }
  for (const row of rows) {
    const { size } = pictures.get(keyOf(row))!;
    if (size < MANY || size <= LARGE_PART * pictures.get(row.language)!.size) continue;
    suspicions.add('a caption that many pictures share', row.place, row.caption);
  }
}
