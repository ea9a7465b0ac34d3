import { NORMALIZERS } from '@heed/core';
import { expect, test } from 'vitest';
import { OWN } from '../catalog.js';
import { toldOf } from '../flag.js';
import { ATTEND } from './attend-command.js';

// Core is loaded when the command runs, and not for its help.
test('the help names every normaliser', () => {
  const named = toldOf(ATTEND.flags['normalizer'].about, OWN)
    .split(' (')[0]
    .split(/, | or /);
  expect(named).toEqual([...NORMALIZERS]);
});
