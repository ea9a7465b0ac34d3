import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { GROUPS } from '../src/case.js';

it('the README lists every group with what it is about, those of mechanisms as one', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [own, ofMechanisms] = [false, true].map((is) =>
    Object.entries(GROUPS).filter(([group]) => group.startsWith('mechanisms/') === is),
  );
  for (const [group, about] of own) expect(readme).toContain(`| \`${group}\` | ${about} |`);
  expect(readme).toContain('| `mechanisms/KIND` | one for each mechanism');
  for (const [, about] of ofMechanisms) expect(about).toMatch(/: its formula, gradients and state$/);
});
