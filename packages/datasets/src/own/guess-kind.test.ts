import { describe, expect, test } from 'vitest';
import { guessKind } from './guess-kind.js';

const lines = (line: (n: number) => string): string => Array.from({ length: 40 }, (_, n) => `${line(n)}\n`).join('');

describe('guessKind', () => {
  test.each([
    ['words.tsv', lines((n) => `word${n}\tW ER D ${n}`), 'pairs'],
    ['words.txt', lines((n) => `word${n}\tW ER D ${n}`), 'pairs'],
    ['mails.csv', lines((n) => `"text, ${n}",${n % 2 === 0 ? 'good' : 'bad'}`), 'labels'],
    ['mails.jsonl', lines((n) => `{"text": "mail ${n}", "label": "${n % 2 === 0 ? 'good' : 'bad'}"}`), 'labels'],
    ['captions.tsv', lines((n) => `cats/${n}.png\tcat ${n % 3}\tde`), 'captions'],
    ['captions.csv', `caption,image\n${lines((n) => `"a cat, ${n}",${n}.JPG`)}`, 'captions'],
    ['one.tsv', '1.webp\ta cat\n', 'captions'],
    ['captions.jsonl', lines((n) => `{"file": "${n}.jpeg", "caption": "cat"}`), 'captions'],
    ['names.tsv', lines((n) => `${n % 2 === 0 ? `${n}.png` : 'cat'}\tcat ${n}`), 'pairs'],
    ['story.txt', lines((n) => `Once upon a time, ${n}.`), 'text'],
    ['empty.txt', '', 'text'],
  ])('%s', async (name, text, kind) => {
    expect(await guessKind(new File([text], name))).toBe(kind);
  });
});
