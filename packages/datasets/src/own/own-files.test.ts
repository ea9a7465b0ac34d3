import { describe, expect, it } from 'vitest';
import { loadLabels } from './labels.js';
import type { DataFile, LabelsSettings, PairsSettings } from './own-data.js';
import { loadPairs } from './pairs.js';
import { loadText } from './text.js';

const file = (name: string, ...parts: BlobPart[]): DataFile => new File(parts, name);

/** Pairs of words with their letters, enough for all parts. */
const PAIRS = Array.from({ length: 60 }, (_, n) => {
  const word = Array.from({ length: 3 + (n % 4) }, (_, k) => 'abcdefghij'[(n * 7 + k * k + ((n * k) % 5)) % 10]).join(
    '',
  );
  return [`${word}${'klmnopqrstuvwxyz'[n % 16]}`, `${[...word].join(' ')} é, "${n}"`] as const;
});

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const tsv = PAIRS.map((pair) => `${pair.join('\t')}\n`).join('');
const csv = PAIRS.map((pair) => `${pair.map(quoted).join(',')}\r\n`).join('');
const jsonl = PAIRS.map(([source, target]) => `${JSON.stringify({ source, target })}\n`).join('');
const [sources, targets] = [0, 1].map((n) => PAIRS.map((pair) => pair[n]).join('\n'));

type Load = Promise<Awaited<ReturnType<typeof loadPairs>>>;
const load = (files: readonly DataFile[], settings: Omit<PairsSettings, 'seed'> = {}): Load =>
  loadPairs({ data: files }, { seed: 3, ...settings });

/** What counts of a dataset: everything but the identity of its files. */
const content = ({ train, validation, test, sourceSymbols, targetSymbols }: Awaited<Load>): unknown => ({
  ...Object.fromEntries(
    Object.entries({ train, validation, test }).map(([part, examples]) => [
      part,
      examples.map(({ text, references, source, targets }) => ({ text, references, source, targets })),
    ]),
  ),
  sourceSymbols,
  targetSymbols,
});

describe('formats', () => {
  const others: readonly [string, readonly DataFile[], Omit<PairsSettings, 'seed'>?][] = [
    ['CSV', [file('a.csv', csv)]],
    ['CSV with semicolons', [file('a.csv', csv.replaceAll('","', '";"'))]],
    [
      'CSV with a header and an extra column',
      [file('a.csv', 'n,output,input\n', PAIRS.map(([s, t], n) => `${n},${quoted(t)},${s}\n`).join(''))],
    ],
    ['JSON Lines', [file('a.jsonl', jsonl)]],
    ['JSON Lines by its first line', [file('data', jsonl)]],
    ['parallel files', [file('a.en', sources), file('a.fr', targets)]],
    ['parallel files that say so', [file('a.tsv', sources), file('b.tsv', targets)], { format: 'parallel' }],
    ['a mark, CRLF, blank lines', [file('a.tsv', '\uFEFF', tsv.replaceAll('\n', '\r\n\r\n'))]],
    ['columns by number', [file('a.tsv', tsv.replaceAll(/^(.*)\t(.*)$/gm, 'x\t$2\t$1'))], { source: '3', target: '2' }],
    [
      'two files',
      [file('a.tsv', tsv.slice(0, tsv.indexOf('\n') + 1)), file('b.tsv', tsv.slice(tsv.indexOf('\n') + 1))],
    ],
  ];
  it.each(others)('the same pairs from TSV and %s', async (_, files, settings) => {
    const [wanted, found] = await Promise.all([load([file('a.tsv', tsv)]), load(files, settings)]);
    expect(content(found)).toEqual(content(wanted));
    // Loading with the options gives the same, whatever was left to be chosen before.
    expect(content(await loadPairs({ data: files }, found.options))).toEqual(content(found));
    expect((await loadPairs({ data: files }, found.options)).options).toEqual(found.options);
  });

  it('a cell of CSV may have line breaks, and an array of JSON Lines is several targets', async () => {
    const more = `${csv}"line\none","two\r\nlines"\n`;
    const all = await load([file('a.csv', more)]);
    const found = [...all.train, ...all.validation, ...all.test].find(({ text }) => text === 'line one');
    expect(found?.references).toEqual(['two lines']);
    const several = await load([
      file('a.jsonl', jsonl, '{"source":"xyz","target":["b","a","b"]}\n{"source":"xyz","target":"c"}'),
    ]);
    const example = [...several.train, ...several.validation, ...several.test].find(({ text }) => text === 'xyz');
    expect(example?.references).toEqual(['b', 'a', 'c']);
    expect(several.describe().counts['duplicates']).toBe(1);
  });
});

describe('what is wrong with files is said, with the line', () => {
  const invalid: readonly [string, readonly DataFile[], string, Omit<PairsSettings, 'seed'>?][] = [
    ['a ragged row', [file('a.tsv', 'a\tb\n\nc\td\te\n')], 'a.tsv, line 3: the row has 3 cells where the first has 2'],
    ['an empty file', [file('a.tsv', '')], 'a.tsv: the file is empty'],
    ['blank lines alone', [file('a.tsv', '\n \n')], 'a.tsv: the file is empty'],
    ['a header alone', [file('a.tsv', 'source\ttarget\n')], 'a.tsv: the file has a row of names, and no other'],
    ['commas in TSV', [file('a.tsv', 'a,b\n')], 'commas separate 2 columns in it: give the format csv'],
    ['tabs in CSV', [file('a.csv', 'a\tb\n')], 'tabs separate 2 columns in it: give the format tsv'],
    ['bars', [file('a.tsv', 'a|b\n')], 'vertical bars separate 2 columns'],
    ['no delimiter', [file('a.tsv', 'a b\n')], 'the row has 1 column where 2 are wanted (source and target)'],
    ['an empty source', [file('a.tsv', 'a\tb\n \tc\n')], 'a.tsv, line 2: the source is empty'],
    ['an empty target', [file('a.tsv', 'a\t\n')], 'a.tsv, line 1: the target is empty'],
    [
      'a quote that is not closed',
      [file('a.csv', 'a,b\nc,"d\ne,f\n')],
      "a.csv, line 2: a quote is opened and isn't closed",
    ],
    ['a quote within a cell', [file('a.csv', 'a,b\n"c" d,"e"\n')], 'a.csv, line 2: a quote is where CSV has none'],
    [
      'different numbers of lines',
      [file('a.en', 'a\nb\nc\n'), file('a.fr', 'a\nb\n')],
      'a.fr: the file has 2 lines, and a.en 3',
    ],
    [
      'different numbers of lines',
      [file('a.en', 'a\n'), file('a.fr', 'a\nb\n')],
      'a.fr: the file has 2 lines, and a.en 1',
    ],
    ['one parallel file', [file('a.en', 'a\n')], 'a.en, line 1: there is no tab, comma or JSON object'],
    [
      "what isn't JSON",
      [file('a.jsonl', '{"source":"a","target":"b"}\n{"source":\n')],
      "a.jsonl, line 2: this isn't JSON",
    ],
    [
      "what isn't an object",
      [file('a.jsonl', '{"source":"a","target":"b"}\n["a"]\n')],
      'a.jsonl, line 2: the JSON of the line is not an object',
    ],
    ['a number for a text', [file('a.jsonl', '{"source":"a","target":1}\n')], "a.jsonl, line 1: 'target' is 1"],
    [
      'a missing key',
      [file('a.jsonl', '{"source":"a","target":"b"}\n{"source":"a"}\n')],
      "a.jsonl, line 2: the object has no 'target'",
    ],
    [
      'an array for a source',
      [file('a.jsonl', '{"source":["a"],"target":"b"}\n')],
      'a.jsonl, line 1: the source is an array',
    ],
  ];
  it.each(invalid)('%s', async (_, files, message, settings) => {
    await expect(load(files, settings)).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining(message) as string,
    });
  });

  const wrong: readonly [string, readonly DataFile[], string, Omit<PairsSettings, 'seed'>][] = [
    ["a column that isn't there", [file('a.tsv', 'x\ty\na\tb\n')], "the columns are 'x', 'y'", { source: 'z' }],
    ['a number too large', [file('a.tsv', 'x\ty\na\tb\n')], "the columns are '1', '2'", { source: '3', target: '1' }],
    ["a key that isn't there", [file('a.jsonl', '{"x":"a","y":"b"}\n')], "its keys are 'x', 'y'", { source: 'z' }],
    [
      'a name without a header',
      [file('a.tsv', 'x\ty\na\tb\n')],
      "the column 'x' is a name, but header is false",
      { source: 'x', header: false },
    ],
    [
      'columns of parallel files',
      [file('a', 'x\n'), file('b', 'x\n')],
      'parallel files have no columns',
      { source: 'x', format: 'parallel' },
    ],
    ['an odd number of parallel files', [file('a', 'x\n')], 'a has no parallel file', { format: 'parallel' }],
    ['a unit', [file('a.tsv', tsv)], 'pairs: sourceUnit is', { sourceUnit: 'bytes' as 'words' }],
    ['a format', [file('a.tsv', tsv)], 'pairs: format is', { format: 'xml' as 'tsv' }],
    [
      'a share together with a file',
      [file('a.tsv', tsv)],
      'shares of validation',
      { validationShare: 0.9, testShare: 0.1 },
    ],
    ['too few sources', [file('a.tsv', 'a\tb\n')], 'too few for', {}],
  ];
  it.each(wrong)('%s', async (_, files, message, settings) => {
    await expect(load(files, settings)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(message) as string,
    });
  });

  it('options are checked before a file is opened', async () => {
    const untouched: DataFile = {
      name: 'a.tsv',
      size: 1,
      stream: () => {
        throw new Error('opened');
      },
    };
    const data = [untouched];
    await expect(loadPairs({ data }, { seed: 1, longst: 3 } as PairsSettings)).rejects.toThrow(
      "did you mean 'longest'?",
    );
    await expect(loadLabels({ data }, { seed: 1, labels: 'x' } as LabelsSettings)).rejects.toThrow(
      "did you mean 'label'?",
    );
    await expect(loadText({ data }, { seed: -1 })).rejects.toThrow('seed is -1');
    await expect(loadPairs({ data }, { seed: 1, merges: -1 })).rejects.toThrow('merges is -1');
    await expect(loadPairs({ data: [] }, { seed: 1 })).rejects.toThrow('data has no file');
    await expect(loadPairs({ data, test: data }, { seed: 1, testShare: 0.2 })).rejects.toThrow(
      'test has files of its own',
    );
    await expect(loadPairs({ data }, { seed: 1 })).rejects.toThrow('opened');
  });

  it('progress is of all files together, and a signal ends it', async () => {
    const steps: { readonly done: number; readonly total: number }[] = [];
    const files = { data: [file('a.tsv', tsv)], test: [file('b.tsv', 'zzz\tq w\n')] };
    await loadPairs(files, { seed: 3 }, { onProgress: (step) => steps.push(step) });
    expect(steps.at(-1)).toEqual({ done: steps[0].total, total: files.data[0].size + files.test[0].size });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(loadPairs(files, { seed: 3 }, { signal })).rejects.toThrow('enough');
  });

  it('the version is the hash of the file as others print it', async () => {
    const { version } = await load([file('a.tsv', tsv)]);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(tsv)));
    expect(version).toBe(`sha256:${Array.from(hash.subarray(0, 8), (b) => b.toString(16).padStart(2, '0')).join('')}`);
  });
});
