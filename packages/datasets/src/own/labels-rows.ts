import { HeedError } from '@heed/base';
import type { Split } from '../split.js';
import { fileError, placeOf, type LinePlace } from './file-error.js';
import { cutLabelText } from './label-text.js';
import type { LabelsSettings, NormalForm } from './own-data.js';
import type { FilesReading, SourceFile } from './source-files.js';
import { entriesOf, shapeOf, type Entry, type TableCounts, type TableShape } from './table.js';
import { normalizeOwnText, tidyPairText } from './tidy.js';

/** Texts with their labels: no two of a part have the same words, and none has the words of a text with another label. */
export interface LabelRows {
  readonly texts: string[];
  readonly labels: string[];
  readonly parts: Split[];
  /** Number of what a text shares with others in the column that groups; undefined without such a column. */
  readonly groups: number[] | undefined;
  readonly counts: LabelCounts;
}

interface LabelCounts extends TableCounts {
  /** Rows whose words and label an earlier row of the same part has. */
  duplicates: number;
  /** Rows whose words occur with several labels. */
  contradictions: number;
  /** Rows without a word. */
  wordless: number;
}

/** Names that a column of labels, and no column of pairs, usually has. */
export const LABEL_COLUMNS: readonly string[] = ['label', 'class', 'category', 'tag', 'sentiment'];

/** Function that is shown each text as it is read. */
export type InspectLabel = (text: string, place: LinePlace) => void;

const USUAL = {
  text: ['text', 'sentence', 'message', 'review', 'comment', 'content', 'body', 'document', 'input'],
  label: [...LABEL_COLUMNS, 'target', 'output'],
};

/** Format and columns of texts with labels. */
export const shapeOfLabels = (
  files: readonly SourceFile[],
  { format, header, text, label, group }: LabelsSettings,
): Promise<TableShape> =>
  shapeOf(files[0].file, { format, header }, [
    { role: 'text', given: text, usual: USUAL.text },
    { role: 'label', given: label, usual: USUAL.label },
    ...(group === undefined ? [] : [{ role: 'group', given: group, usual: [] }]),
  ]);

/** A text of the files that may be kept. */
interface Candidate {
  readonly text: string;
  readonly label: string;
  readonly part: Split;
  readonly group: string;
  readonly place: LinePlace;
}

/**
 * Reads all texts with their labels. Of texts with the same words, in small letters, one is kept in each part, and none when they
 * have different labels.
 *
 * @throws HeedError FILE_INVALID with the line, also for a text or label that is empty; INVALID_ARGUMENT for fewer than two
 *   labels, one that occurs once, and one of a file for validation or test that no other file has
 */
export async function readLabels(
  files: readonly SourceFile[],
  shape: TableShape,
  settings: LabelsSettings & { readonly normalForm: NormalForm },
  reading: FilesReading,
  inspect?: InspectLabel,
): Promise<LabelRows> {
  const counts: LabelCounts = { rows: 0, blank: 0, duplicates: 0, contradictions: 0, wordless: 0 };
  const labels = new Labels();
  /** By the words: the label of the texts that have them, undefined when there are several, and the text kept of each part. */
  const byWords = new Map<string, { label: string | undefined; kept: Candidate[]; rows: number }>();
  for (const source of files) {
    for await (const some of entriesOf(source.file, shape, counts, reading.readingOf(source))) {
      for (const entry of some) {
        const candidate = candidateOf(entry, source, settings);
        inspect?.(candidate.text, candidate.place);
        labels.add(candidate);
        const words = cutLabelText(candidate.text, settings)
          .map((sentence) => sentence.join(' '))
          .join('\n');
        if (words === '') {
          counts.wordless++;
          continue;
        }
        const same = byWords.get(words);
        if (same === undefined) byWords.set(words, { label: candidate.label, kept: [candidate], rows: 1 });
        else {
          same.rows++;
          if (same.label !== candidate.label) same.label = undefined;
          else if (same.kept.some(({ part }) => part === candidate.part)) counts.duplicates++;
          else same.kept.push(candidate);
        }
      }
    }
  }
  labels.check();
  const kept: Candidate[] = [];
  for (const { label, kept: some, rows } of byWords.values()) {
    if (label === undefined) counts.contradictions += rows;
    else kept.push(...some);
  }
  return {
    texts: kept.map(({ text }) => text),
    labels: kept.map(({ label }) => label),
    parts: kept.map(({ part }) => part),
    groups: shape.columns.length > 2 ? numbersOf(kept.map(({ group }) => group)) : undefined,
    counts,
  };
}

function candidateOf(
  { line, cells }: Entry,
  { file, part }: SourceFile,
  { normalForm }: { normalForm: NormalForm },
): Candidate {
  const place = { file: file.name, line };
  const [text, label, group = ''] = cells.map((cell, n) => {
    const role = ['text', 'label', 'group'][n];
    if (typeof cell !== 'string') throw fileError(place, `the ${role} is an array`, 'one text is wanted');
    const clean = n === 0 ? normalizeOwnText(cell, { normalForm }).trim() : tidyPairText(cell, { normalForm });
    if (clean !== '' || n === 2) return clean;
    throw fileError(
      place,
      `the ${role} is empty`,
      'a text and a label are wanted in each row; remove the row, or fill it',
    );
  });
  return { text, label, part, group, place };
}

/** Labels of the files, with how often and where each occurs. */
class Labels {
  readonly #found = new Map<string, { count: number; readonly first: LinePlace; readonly parts: Set<Split> }>();

  add({ label, part, place }: Candidate): void {
    const known = this.#found.get(label) ?? { count: 0, first: place, parts: new Set() };
    this.#found.set(label, known);
    known.count++;
    known.parts.add(part);
  }

  check(): void {
    if (this.#found.size < 2) {
      const [only] = this.#found.keys();
      throw new HeedError('INVALID_ARGUMENT', {
        message: `labels: every text has the label ${JSON.stringify(only)}`,
        hint: 'two labels at least are wanted; is it the right column?',
        details: { label: only },
      });
    }
    for (const [label, { count, first, parts }] of this.#found) {
      if (!parts.has('train')) {
        throw new HeedError('INVALID_ARGUMENT', {
          message: `labels: ${placeOf(first)}: the label ${JSON.stringify(label)} is in no file to learn from`,
          hint: 'every label has texts to learn from; correct it, or remove its rows',
          details: { label, ...first },
        });
      }
      if (count > 1) continue;
      throw new HeedError('INVALID_ARGUMENT', {
        message: `labels: ${placeOf(first)}: the label ${JSON.stringify(label)} occurs once`,
        hint: 'merge it with another label, or remove its row: one text can be learnt from or judged, and not both',
        details: { label, ...first },
      });
    }
    if (this.#found.size <= MOST_LABELS) return;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `labels: there are ${this.#found.size} labels`,
      hint: `at most ${MOST_LABELS}; is it the right column?`,
      details: { labels: this.#found.size },
    });
  }
}

// With more, most labels have too few texts to learn from, or the column has texts.
const MOST_LABELS = 1000;

function numbersOf(names: readonly string[]): number[] {
  const numbers = new Map<string, number>();
  return names.map((name) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
}
