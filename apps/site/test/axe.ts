import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

interface WithAxe {
  readonly axe?: { run(options: RunOptions): Promise<AxeResults> };
}

/** What axe finds on a page, as text that says where. */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  // Of what passes, axe then looks for no selector.
  const { violations } = await page.evaluate(
    (options) => (globalThis as typeof globalThis & WithAxe).axe!.run(options),
    { resultTypes: ['violations'] } satisfies RunOptions,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}
