import { expect, test } from 'vitest';
import { readBaseline, regressions } from './baseline.js';
import type { Target } from './case.js';

const target = (name: string, measured: number, direction: Target['direction']): Target => ({
  name,
  measured,
  direction,
  target: 1,
  unit: '×',
  met: true,
});

test('worse by more than the share is a regression, whichever way is worse', () => {
  const before = { targets: [target('ratio', 10, 'least'), target('memory', 100, 'most')] };
  const at = (ratio: number, memory: number): string[] =>
    regressions(
      before,
      [target('ratio', ratio, 'least'), target('memory', memory, 'most'), target('new', 1, 'least')],
      0.15,
    );
  expect(at(8.6, 114)).toEqual([]);
  expect(at(20, 10)).toEqual([]);
  expect(at(8.4, 100)).toEqual(['ratio: 8.4, before 10']);
  expect(at(10, 116)).toEqual(['memory: 116, before 100']);
});

test('a file of another kind is refused', async () => {
  await expect(readBaseline(new URL('../../package.json', import.meta.url).pathname)).rejects.toThrow(/isn't a result/);
});
