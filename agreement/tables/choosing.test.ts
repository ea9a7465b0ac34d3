import { readFileSync } from 'node:fs';
import { MECHANISM_KINDS } from '@heed/attention';
import { describe, expect, it } from 'vitest';
import { TABLES } from '../../scripts/choosing/plan.mjs';
import { tableOf } from '../../scripts/choosing/table.mjs';

const read = (file: string): string => readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');
const results = JSON.parse(read('results/choosing.json')) as Readonly<Record<string, object>>;

describe.each([
  ['en', 'guides/choosing.md'],
  ['zh', 'guides/choosing.zh-CN.md'],
])('the guide to choosing, %s', (language, file) => {
  const text = read(file);

  it.each(Object.keys(TABLES))('has the table %s as it was measured', (name) => {
    const [, written] = new RegExp(`<!-- ${name}: begin[^>]*-->\n\n([^]*)\n\n<!-- ${name}: end -->`).exec(text)!;
    expect(written).toBe(tableOf(name, results[name], language));
  });

  it('says what every mechanism is for', () => {
    const missing = MECHANISM_KINDS.filter((kind) => !text.includes(`\`${kind}\``));
    expect(missing).toEqual([]);
  });
});
