import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFINITIONS } from '../src/modules/index.js';
import { optionNames } from '@heed/attention/schema';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

const namesIn = (text: string | undefined): string[] => [...(text ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name!);

it("the README's table of modules has all of them, with their options", () => {
  const [, ...rows] = README.split('\n').filter((line) => line.startsWith('| `')); // without the heading
  expect(rows.flatMap((row) => namesIn(row.split('|')[1])).toSorted()).toEqual(Object.keys(DEFINITIONS).toSorted());
  let before: string[] = [];
  for (const row of rows) {
    const [, kinds, options] = row.split('|');
    const named = options!.trim() === 'the same' ? before : namesIn(options);
    for (const kind of namesIn(kinds)) {
      const { schema } = DEFINITIONS[kind as keyof typeof DEFINITIONS];
      expect([kind, named.toSorted()]).toEqual([kind, optionNames(schema).toSorted()]);
    }
    before = named;
  }
});
