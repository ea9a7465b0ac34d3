import { afterEach, describe, expect, test, vi } from 'vitest';
import { fetchBytes } from './fetch-bytes.js';

const { signal } = new AbortController();

/** Makes the network answer with these parts, and then end or break off. */
function answerWith(parts: readonly number[][], { isLost = false, status = 200 } = {}): void {
  const left = [...parts];
  const body = new ReadableStream({
    pull(controller) {
      const part = left.shift();
      if (part !== undefined) controller.enqueue(Uint8Array.from(part));
      else if (isLost) controller.error(new TypeError('network error'));
      else controller.close();
    },
  });
  const headers = { 'content-length': String(parts.flat().length) };
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, { status, headers })));
}

describe('fetchBytes', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test('the whole file, and how much of it has come', async () => {
    answerWith([
      [1, 2],
      [3, 4, 5, 6],
    ]);
    const shares: number[] = [];
    expect(await fetchBytes('/a', signal, (share) => shares.push(share))).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
    expect(shares).toEqual([2 / 6, 1]);
  });

  test.each([
    ['there is no file', () => answerWith([], { status: 404 }), '404'],
    ['the connection is lost on the way', () => answerWith([[1, 2]], { isLost: true }), 'network error'],
    ['there is no connection', () => vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline'))), 'offline'],
  ])('is refused where %s', async (_, prepare, why) => {
    prepare();
    await expect(fetchBytes('/a', signal)).rejects.toMatchObject({
      code: 'FILE_ACCESS',
      message: expect.stringContaining(why) as string,
    });
  });
});
