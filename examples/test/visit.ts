import type { Browser } from 'playwright-core';

/** What a page leaves in its global `result`, and everything that it or the browser complained of. */
export async function visit<Result>(browser: Browser, url: string): Promise<{ result: Result; problems: string[] }> {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('requestfailed', (request) => problems.push(`failed: ${request.url()}`));
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  try {
    await page.goto(url);
    await page
      .waitForFunction(() => 'result' in globalThis, undefined, { timeout: 15_000 })
      .catch((error: Error) => problems.push(error.message));
    const result = await page.evaluate(() => (globalThis as unknown as { result: Result }).result);
    return { result, problems };
  } finally {
    await page.close();
  }
}
