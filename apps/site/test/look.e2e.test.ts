import { fileURLToPath } from 'node:url';
import { OF_COLOUR, OF_WIDTH, violations } from '@heed/chromium/axe';
import type { Site } from '@heed/chromium/serve';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, launch, SCRIPT_BYTES, serve, TEN, visit } from './site.js';

const PICTURES = fileURLToPath(new URL('../test-results/', import.meta.url));

/**
 * How a page is looked at. A narrow page has other parts, so all rules look twice; of the other two looks there are those that may find
 * something else.
 */
const LOOKS = [
  { look: 'wide-light', width: 1280, scheme: 'light', rules: undefined },
  { look: 'wide-dark', width: 1280, scheme: 'dark', rules: OF_COLOUR },
  { look: 'narrow-light', width: 360, scheme: 'light', rules: OF_WIDTH },
  { look: 'narrow-dark', width: 360, scheme: 'dark', rules: undefined },
] as const;

describe.runIf(executablePath !== undefined)('ten pages, as readers see them', () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    [browser, site] = await Promise.all([launch({ graphics: false }), serve()]);
  });
  afterAll(() => Promise.all([browser?.close(), site?.close()]));

  test.each(Object.entries(TEN))(
    '%s: light and dark, wide and narrow, nothing sticks out, nothing that axe finds, nothing from elsewhere, little JavaScript',
    async (name, path) => {
      const { page, problems, script, close } = await visit(browser, `${site.url}${path}`);
      const found: Record<string, unknown> = {};
      const bytes = await script();
      for (const { look, width, scheme, rules } of LOOKS) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme: scheme });
        await page.locator(scheme === 'dark' ? 'html.dark' : 'html:not(.dark)').waitFor();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        const wrong = await violations(page, rules);
        await page.screenshot({ path: `${PICTURES}${name}-${look}.png` });
        if (wide !== width || wrong.length > 0) found[look] = { wide, wrong };
      }
      expect(found).toEqual({});
      expect(problems).toEqual([]);
      expect(bytes).toBeGreaterThan(0);
      expect(bytes).toBeLessThanOrEqual(SCRIPT_BYTES);
      await close();
    },
  );
});
