import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { GROUPS } from '../src/case.js';

it('the README lists every group with what it is about', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  for (const [group, about] of Object.entries(GROUPS)) expect(readme).toContain(`| \`${group}\` | ${about} |`);
});
