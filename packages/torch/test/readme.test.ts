import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFINITIONS } from '../src/modules/index.js';
import { optionNames } from '@heed/attention/schema';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

const namesIn = (text: string | undefined): string[] => [...(text ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name!);

it('the README has a heading for each module, and its options', () => {
  const [, section] = README.split('## Modules');
  const listed = section!.split('\n## ')[0]!.matchAll(/^### (`.*)\n\n(?:Options: (.*)\n)?/gm);
  const options = Array.from(listed).flatMap(([, kinds, names]) =>
    namesIn(kinds).map((kind) => [kind, namesIn(names).toSorted()]),
  );
  expect(Object.fromEntries(options)).toEqual(
    Object.fromEntries(Object.entries(DEFINITIONS).map(([kind, { schema }]) => [kind, optionNames(schema).toSorted()])),
  );
});
