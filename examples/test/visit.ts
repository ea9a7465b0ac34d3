import type { Browser } from 'playwright-core';

export interface Visit<Result> {
  /** The page's global `result`. */
  readonly result: Result;
  /** Errors and warnings of the page and the browser. */
  readonly errors: readonly string[];
  /** Texts of the scripts that the page loaded. */
  readonly scripts: readonly string[];
}

export async function visit<Result>(browser: Browser, url: string): Promise<Visit<Result>> {
  const page = await browser.newPage();
  const errors: string[] = [];
  const scripts: Promise<string>[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('requestfailed', (request) => errors.push(`failed: ${request.url()}`));
  page.on('response', (response) => {
    if (response.status() >= 400) errors.push(`${response.status()}: ${response.url()}`);
    else if (response.url().endsWith('.js')) scripts.push(response.text());
  });
  try {
    await page.goto(url);
    await page
      .waitForFunction(() => 'result' in globalThis, undefined, { timeout: 40_000 })
      .catch((error: Error) => errors.push(error.message));
    const result = await page.evaluate(() => (globalThis as unknown as { result: Result }).result);
    return { result, errors, scripts: await Promise.all(scripts) };
  } finally {
    await page.close();
  }
}
