import { NORMALIZERS } from '@heed/core';
import { expect, test } from 'vitest';
import { ATTEND } from './attend-command.js';

// Core is loaded when the command runs, and not for its help.
test('the help names every normaliser', () => {
  const named = ATTEND.flags['normalizer'].about.split(' (')[0].split(/, | or /);
  expect(named).toEqual([...NORMALIZERS]);
});
