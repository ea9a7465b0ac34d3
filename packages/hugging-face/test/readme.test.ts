import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ARCHITECTURES } from '../src/index.js';

it('the README lists the classes that load', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, section] = readme.split('## Models');
  const rows = section!
    .split('## Running')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| '));
  const listed = rows.flatMap((row) => [...row.split('|')[2]!.matchAll(/`(\w+)`/g)].map(([, name]) => name!));
  expect(listed.toSorted()).toEqual(ARCHITECTURES.toSorted());
});
