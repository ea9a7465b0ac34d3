import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { SANDBOX_HASH, SANDBOX_SCRIPT } from './sandbox-frame.js';

const read = (name: string): Promise<string> => readFile(new URL(`../../${name}`, import.meta.url), 'utf8');
const hashOf = (script: string): string => `sha256-${createHash('sha256').update(script).digest('base64')}`;

test('the policies of page and sandbox name the hash of the sandbox’s script', async () => {
  expect(SANDBOX_HASH).toBe(hashOf(SANDBOX_SCRIPT));
  expect(await read('index.html')).toContain(`'${SANDBOX_HASH}'`);
});

test('the policy of the frame that fetches names the hash of its script', async () => {
  const html = await read('public/fetch-module.html');
  const [, script] = /<script>(.*)<\/script>/s.exec(html)!;
  expect(html).toContain(`script-src '${hashOf(script!)}'`);
});

test('the page itself may reach no other server', async () => {
  expect(await read('index.html')).toContain("connect-src 'self' blob:;");
});
