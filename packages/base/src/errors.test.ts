import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { afterEach, expect, it, vi } from 'vitest';
import { ERROR_CODES, HeedError } from './errors.js';

afterEach(() => vi.resetModules());

it('every code has its heading in docs/errors.md, and no other', async () => {
  const page = await readFile(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  const headings = [...page.matchAll(/^## (\w+)$/gm)].map(([, code]) => code);
  expect(headings.toSorted()).toEqual([...ERROR_CODES].toSorted());
});

it('an error says where its code is written about, once there is such a page', async () => {
  vi.doMock('./errors-page.js', () => ({ ERRORS_PAGE: 'https://example.org/heed/errors' }));
  const { HeedError: Published } = await import('./errors.js');
  const error = new Published('SHAPE_MISMATCH', { message: 'key has 7 positions, value has 8' });
  expect(error.help).toBe('https://example.org/heed/errors#SHAPE_MISMATCH');
  expect(inspect(error)).toContain(error.help); // as Node prints it
  vi.doUnmock('./errors-page.js');
});

it('until then nothing is said of it', () => {
  expect('help' in new HeedError('SHAPE_MISMATCH', { message: 'key has 7 positions, value has 8' })).toBe(false);
});
