import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nameOf } from '../src/command.js';
import { COMMANDS } from '../src/commands/index.js';

test('the README says which events each command writes', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const headings = Array.from(readme.matchAll(/^### Events of `(\w+)`$/gm), ([, name]) => name);
  expect(headings.toSorted()).toEqual(COMMANDS.map(nameOf).toSorted());
});
