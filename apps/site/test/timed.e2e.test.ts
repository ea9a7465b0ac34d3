// Tests that measure time: they run last, and alone.
import type { Site } from '@heed/chromium/serve';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, launch, serve, TEN, visit } from './site.js';

const FIRST_PAINT_MS = 1_000;

describe.runIf(executablePath !== undefined)('the site, timed', () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    [browser, site] = await Promise.all([launch(), serve()]);
  });
  afterAll(() => Promise.all([browser?.close(), site?.close()]));

  test.each(['', TEN['conformance']!, 'api/core.html'])('/%s is painted within a second', async (path) => {
    const times: number[] = [];
    for (let n = 0; n < 3; n++) {
      const { page, close } = await visit(browser, `${site.url}${path}`);
      times.push(
        await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity),
      );
      await close();
    }
    expect(Math.min(...times)).toBeLessThan(FIRST_PAINT_MS);
  });
});
