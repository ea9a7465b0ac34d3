import { describe, expect, test } from 'vitest';
import { guessKind } from './guess-kind.js';

const lines = (line: (n: number) => string): string => Array.from({ length: 40 }, (_, n) => `${line(n)}\n`).join('');

describe('guessKind', () => {
  test.each([
    ['words.tsv', lines((n) => `word${n}\tW ER D ${n}`), 'pairs'],
    ['words.txt', lines((n) => `word${n}\tW ER D ${n}`), 'pairs'],
    ['mails.csv', lines((n) => `"text, ${n}",${n % 2 === 0 ? 'good' : 'bad'}`), 'labels'],
    ['mails.jsonl', lines((n) => `{"text": "mail ${n}", "label": "${n % 2 === 0 ? 'good' : 'bad'}"}`), 'labels'],
    ['story.txt', lines((n) => `Once upon a time, ${n}.`), 'text'],
    ['empty.txt', '', 'text'],
  ])('%s', async (name, text, kind) => {
    expect(await guessKind(new File([text], name))).toBe(kind);
  });
});
