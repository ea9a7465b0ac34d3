import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/** Rules of axe whose outcome depends on colours. They take most of its time. */
export const OF_COLOUR: readonly string[] = ['color-contrast', 'link-in-text-block'];

/** Rules of axe whose outcome depends on widths. */
export const OF_WIDTH: readonly string[] = ['scrollable-region-focusable', 'target-size'];

/** Rules of axe whose outcome depends on colours and widths; the others see the same page in all. */
export const OF_LOOK: readonly string[] = [...OF_COLOUR, ...OF_WIDTH];

interface WithAxe {
  readonly axe?: { run(options: RunOptions): Promise<AxeResults> };
}

/**
 * What axe finds, as text that says where.
 *
 * @param rules  ids of the rules to look with; all by default
 */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const options: RunOptions = {
    // Of what passes, axe then looks for no selector.
    resultTypes: ['violations'],
    ...(rules && { runOnly: [...rules] }),
  };
  const { violations } = await page.evaluate(
    (options) => (globalThis as typeof globalThis & WithAxe).axe!.run(options),
    options,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}
