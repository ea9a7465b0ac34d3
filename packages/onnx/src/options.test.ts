import { composed } from '@heed/core';
import { expect, it } from 'vitest';
import { runOnnx } from './index.js';

it('runOnnx(backend, [], { oncase }) says which option was meant', async () => {
  const backend = composed({ engine: 'cpu', load: () => import('@tensorflow/tfjs-backend-cpu') });
  await expect(runOnnx(backend, [], { oncase: () => {} } as object)).rejects.toMatchObject({
    code: 'UNKNOWN_OPTION',
    hint: expect.stringContaining("did you mean 'onCase'?"),
  });
});
