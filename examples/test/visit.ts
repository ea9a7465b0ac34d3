import type { Browser } from 'playwright-core';

export interface Visit<Result> {
  /** What the page leaves in its global `result`. */
  readonly result: Result;
  /** Everything that it or the browser complained of. */
  readonly problems: readonly string[];
  /** The text of each script that it loaded. */
  readonly scripts: readonly string[];
}

export async function visit<Result>(browser: Browser, url: string): Promise<Visit<Result>> {
  const page = await browser.newPage();
  const problems: string[] = [];
  const scripts: Promise<string>[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('requestfailed', (request) => problems.push(`failed: ${request.url()}`));
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
    else if (response.url().endsWith('.js')) scripts.push(response.text());
  });
  try {
    await page.goto(url);
    await page
      .waitForFunction(() => 'result' in globalThis, undefined, { timeout: 40_000 })
      .catch((error: Error) => problems.push(error.message));
    const result = await page.evaluate(() => (globalThis as unknown as { result: Result }).result);
    return { result, problems, scripts: await Promise.all(scripts) };
  } finally {
    await page.close();
  }
}
