import { composed } from '@heed/core';
import { expect, it } from 'vitest';
import { fuzz } from './fuzz/index.js';
import { runConformance } from './index.js';

const backend = composed({ engine: 'cpu', load: () => import('@tensorflow/tfjs-backend-cpu') });

it.each<[string, () => Promise<unknown>, string]>([
  [
    "runConformance(backend, { group: ['masks'] }), which would run all",
    () => runConformance(backend, { group: ['masks'] } as object),
    'groups',
  ],
  ['versions: { cor }', () => runConformance(backend, { cases: [], versions: { cor: '1' } as object }), 'core'],
  ['fuzz(backend, { run: 1 })', () => fuzz(backend, { run: 1 } as object), 'runs'],
])('%s', async (_, call, meant) => {
  await expect(call()).rejects.toMatchObject({
    code: 'UNKNOWN_OPTION',
    hint: expect.stringContaining(`did you mean '${meant}'?`),
  });
});
