import { fileURLToPath } from 'node:url';
import type { Site } from '@heed/chromium/serve';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './axe.js';
import { executablePath, launch, serve, TEN, visit } from './site.js';

const PICTURES = fileURLToPath(new URL('../test-results/', import.meta.url));

const LOOKS = [
  { look: 'wide-light', width: 1280, scheme: 'light' },
  { look: 'wide-dark', width: 1280, scheme: 'dark' },
  { look: 'narrow-light', width: 360, scheme: 'light' },
  { look: 'narrow-dark', width: 360, scheme: 'dark' },
] as const;

describe.runIf(executablePath !== undefined)('ten pages, as readers see them', () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    [browser, site] = await Promise.all([launch(), serve()]);
  });
  afterAll(() => Promise.all([browser?.close(), site?.close()]));

  test.each(Object.entries(TEN))(
    '%s: light and dark, wide and narrow, nothing sticks out, nothing that axe finds, nothing from elsewhere',
    async (name, path) => {
      const { page, problems, close } = await visit(browser, `${site.url}${path}`);
      const found: Record<string, unknown> = {};
      for (const { look, width, scheme } of LOOKS) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme: scheme });
        await page.locator(scheme === 'dark' ? 'html.dark' : 'html:not(.dark)').waitFor();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        const wrong = await violations(page);
        await page.screenshot({ path: `${PICTURES}${name}-${look}.png` });
        if (wide !== width || wrong.length > 0) found[look] = { wide, wrong };
      }
      expect(found).toEqual({});
      expect(problems).toEqual([]);
      await close();
    },
  );
});
