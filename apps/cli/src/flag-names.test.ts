import { expect, test } from 'vitest';
import { typedFlags } from './flag-names.js';

test('flags are typed so that no value can be taken for a flag', () => {
  expect(typedFlags({ batchSize: 64, resume: true, file: ['a b', '--config=c'] })).toEqual([
    '--batch-size=64',
    '--resume',
    '--file=a b',
    '--file=--config=c',
  ]);
});
