import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ARCHITECTURES } from '../src/index.js';

it('the README lists the classes that load', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, section] = readme.split('## Models');
  const items = section!.split('## Running')[0]!.matchAll(/^- \*\*.*\*\*: ([^]*?)\.$/gm);
  const listed = Array.from(items).flatMap(([, classes]) =>
    [...classes!.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
  );
  expect(listed.toSorted()).toEqual(ARCHITECTURES.toSorted());
});
