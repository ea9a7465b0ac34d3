import { ownKinds } from '@heed/tasks';
import { expect, test } from 'vitest';
import { CHOICES, COLUMNS } from './data-settings.js';

test('every setting that the page offers is one of some kind', () => {
  const known = new Set(Object.values(ownKinds).flatMap(({ settings }) => settings));
  expect([...COLUMNS, ...Object.keys(CHOICES), 'header'].filter((name) => !known.has(name))).toEqual([]);
});
