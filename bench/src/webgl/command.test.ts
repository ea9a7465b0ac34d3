import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromiumToTestIn } from '@heed/chromium';
import { expect, test } from 'vitest';
import type { PageOutcome } from '../in-page/outcome.js';
import { SYSTEMS } from './systems.js';

const MAIN = fileURLToPath(new URL('../../dist/webgl.js', import.meta.url));
const run = promisify(execFile);

test.runIf(chromiumToTestIn() !== undefined)(
  'a case in a browser, as one object: all systems agree, and their first uses are apart',
  async () => {
    const { stdout, stderr } = await run(process.execPath, [
      MAIN,
      ...'--case dot-product-forward --rounds 1 --json'.split(' '),
    ]);
    const outcome = JSON.parse(stdout) as PageOutcome;
    expect(outcome).toMatchObject({ case: 'dot-product-forward', target: 2, rounds: 1 });
    expect(outcome.met).toBe(outcome.measured >= 2);
    expect(outcome.standings.map(({ system }) => system)).toEqual(SYSTEMS);
    expect(SYSTEMS.slice(1)).toContain(outcome.peer);
    expect(Object.keys(outcome.firstUseMs)).toEqual(SYSTEMS);
    for (const ms of Object.values(outcome.firstUseMs)) expect(ms).toBeGreaterThan(outcome.heedMs / 10);
    expect(stderr).toContain('dot-product-forward');
  },
);

test('without a browser it says how to get one', async () => {
  const env = { ...process.env, HEED_CHROMIUM: '/nowhere' };
  const failure = await run(process.execPath, [MAIN], { env }).catch((error: Error & { stderr: string }) => error);
  expect(failure.stderr).toContain('error: there is no browser: install Chromium');
});
