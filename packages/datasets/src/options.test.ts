import { expect, it } from 'vitest';
import {
  loadDates,
  loadG2p,
  loadNames,
  loadQa,
  loadSentiment,
  loadSotu,
  loadSpam,
  loadTranslate,
  type LoadOptions,
} from './index.js';

const loaders: readonly ((options: LoadOptions) => Promise<unknown>)[] = [
  loadDates,
  loadG2p,
  loadNames,
  loadQa,
  loadSentiment,
  loadSotu,
  loadSpam,
  loadTranslate,
];

it.each(loaders)('%o refuses { seed, testshare }, and means testShare', async (load) => {
  await expect(load({ seed: 1, testshare: 0.5 } as LoadOptions)).rejects.toMatchObject({
    code: 'UNKNOWN_OPTION',
    hint: expect.stringContaining("did you mean 'testShare'?"),
  });
});

it.each(loaders)('%o refuses null, and no options', async (load) => {
  await expect(load({ seed: null as never })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await expect(load(undefined as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});
