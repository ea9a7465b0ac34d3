import { describe, expect, test } from 'vitest';
import { keptSettings, ownTask } from './kept.js';
import { ownKinds } from './own-kinds.js';

// As a run keeps them: settings of the data, the seed of the split, and the names of files.
const KEPT = { seed: 1, data: ['words.tsv'], sourceUnit: 'characters', targetUnit: 'words', normalForm: 'NFKC' };

describe('what a run keeps of somebody’s own data', () => {
  test('settings are apart from the seed and the files', () => {
    const { seed: _, data: __, ...settings } = KEPT;
    expect(keptSettings(ownKinds['pairs'], KEPT)).toEqual(settings);
  });

  test('a task of every kind is made again, and reads as the run did', () => {
    for (const name of Object.keys(ownKinds)) expect(ownTask(name, { seed: 1, data: ['a'] })?.name).toBe(name);
    expect(ownTask('pairs', KEPT)?.parse(' fine ')).toEqual({ text: 'fine' });
  });

  test('a task without files rejects when it is loaded, whatever its kind', async () => {
    for (const { define } of Object.values(ownKinds)) {
      await expect(define({}, {}).load({ seed: 1 })).rejects.toMatchObject({ code: 'DATA_MISSING' });
    }
  });

  test('other names are no tasks of somebody’s own data', () => {
    for (const name of ['g2p', 'toString', '']) expect(ownTask(name, {})).toBeUndefined();
  });
});
