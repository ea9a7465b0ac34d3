import type { Dataset, SequenceDataset, SequenceExample } from '../dataset.js';
import type { ClassifiedDataset } from '../classified.js';
import type { TextDataset } from '../text/text.js';

/** A file of somebody's own data: a `File` of a page, or what `dataFile` of '@heed/datasets/node' makes of a path. It is read as a stream. */
export type DataFile = Pick<File, 'name' | 'size' | 'stream'>;

/** What a table's files are written in. */
export const TABLE_FORMATS = ['tsv', 'csv', 'jsonl'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** The same, and pairs of files whose lines belong together. */
export const PAIR_FORMATS = [...TABLE_FORMATS, 'parallel'] as const;
export type PairFormat = (typeof PAIR_FORMATS)[number];

/** What texts are cut into: grapheme clusters, words, or pieces of words that are learnt from the training part. */
export const UNITS = ['characters', 'words', 'pieces'] as const;
export type Unit = (typeof UNITS)[number];

/** Unicode forms that texts are brought into before anything else. */
export const NORMAL_FORMS = ['NFC', 'NFKC', 'none'] as const;
export type NormalForm = (typeof NORMAL_FORMS)[number];

/** What is one document of plain text. */
export const DOCUMENTS = ['file', 'blank-lines'] as const;
export type Documents = (typeof DOCUMENTS)[number];

/** The files of somebody's own data. */
export interface OwnFiles {
  /** Files to learn from; validation and test parts are taken from them by the seed unless they have files of their own. */
  readonly data: readonly DataFile[];
  readonly validation?: readonly DataFile[];
  readonly test?: readonly DataFile[];
}

/** The same, with files that rows of the data name. */
export interface OwnFolder extends OwnFiles {
  /** Files of the folder that the data are in; the name of each is its path from there. */
  readonly beside?: readonly DataFile[];
}

/** Settings of the split and of the texts that all kinds of data have; plain JSON. */
export interface CommonSettings {
  /** Seed of the split; an integer in [0, 2⁵³). */
  readonly seed: number;
  /** Default 'NFC'. */
  readonly normalForm?: NormalForm;
  /** Share of the groups that are for validation, on average. Default 0.05; 0 where `validation` has files. */
  readonly validationShare?: number;
  /** Share of the groups that are for the test, on average. Default 0.1; 0 where `test` has files. */
  readonly testShare?: number;
}

/** Settings of data in rows: which format, and which columns. */
interface TableSettings extends CommonSettings {
  /** Default: by the first file's name (.tsv, .csv, .jsonl, .ndjson), else by its first lines. */
  readonly format?: TableFormat;
  /** Whether the first row of a TSV or CSV file names its columns. Default: whether columns are given by name, or it looks so. */
  readonly header?: boolean;
  /** Column whose equal values stay in one part: an author, a document. A name, or a number from 1. */
  readonly group?: string;
}

/** Settings of pairs of texts. With all of them, as a dataset's `options` have them, the same data are loaded again. */
export interface PairsSettings extends Omit<TableSettings, 'format'> {
  /** 'parallel': two files (four, six …), line by line a source and its target. */
  readonly format?: PairFormat;
  /** Columns of the source and of the target, names or numbers from 1. Defaults '1' and '2', or by the header ('source', 'target'; 'input', 'output'). */
  readonly source?: string;
  readonly target?: string;
  /** Unit of each side. Default: chosen by the training part, and then in the dataset's options. */
  readonly sourceUnit?: Unit;
  readonly targetUnit?: Unit;
  /** Number of merged pieces that are learnt, where a side is cut into pieces. Default 2000. */
  readonly merges?: number;
  /** Greatest length of a source or target to learn from, in units; longer ones are left out of the training part, and counted. Default: by the data (see the note that says so). */
  readonly longest?: number;
}

/** Settings of texts with labels. */
export interface LabelsSettings extends TableSettings {
  /** Columns, names or numbers from 1. Defaults: by the header ('text', 'label'), else '1' and '2'. */
  readonly text?: string;
  readonly label?: string;
  /** Words that fewer training texts have are left out of the vocabulary. Default: by the size of the training part. */
  readonly leastCount?: number;
  /** Greatest number of words in the vocabulary. Default 10,000. */
  readonly mostSymbols?: number;
  /** Greatest numbers of sentences of a text, and of words of a sentence, that are read. Defaults 64 and 64. */
  readonly mostSentences?: number;
  readonly mostWords?: number;
}

/** Settings of plain text. */
export interface TextSettings extends CommonSettings {
  /** What is one document: a file, or what blank lines separate. Default 'file' of several files, else 'blank-lines'. */
  readonly documents?: Documents;
  /** Length of a window in characters (grapheme clusters). Default 192. */
  readonly window?: number;
  /** Characters that the training part has fewer times become '\uFFFD'. Default 3 of 100,000 characters or more, else 1. */
  readonly leastCount?: number;
}

/** A pair, as people wrote it. `source` and `targets` are cut when they are asked for, so that millions of pairs fit into memory. */
export interface PairExample extends SequenceExample {
  /** Right outputs as text, at least one. */
  readonly references: readonly string[];
}

/** Dataset of pairs. Symbols of pieces are in the order that `Segmenter` needs. */
export interface PairsDataset
  extends Omit<SequenceDataset, 'train' | 'validation' | 'test' | 'testSets'>, Dataset<PairExample> {
  readonly options: Required<Omit<PairsSettings, 'group'>> & Pick<PairsSettings, 'group'> & Dataset['options'];
}
export type LabelsDataset = ClassifiedDataset;
export type OwnTextDataset = TextDataset;
