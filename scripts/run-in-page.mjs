// Runs a program for browsers as a page does: bundled, in Chromium.
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const TIMEOUT = 60_000; // ms

/**
 * Runs an ES module in a page.
 *
 * @param source  text of the module, which may import packages that are installed in `folder`
 * @returns what went wrong, or undefined
 */
export async function runInPage(source, folder, { executablePath, flags }) {
  const contents = `${source}\nglobalThis.done = true;`;
  const options = { bundle: true, write: false, format: 'esm', logLevel: 'silent' };
  const browser = await chromium.launch({ executablePath, args: [...flags] });
  try {
    const { outputFiles } = await build({ ...options, stdin: { contents, resolveDir: folder } });
    const page = await browser.newPage();
    const failed = new Promise((_, reject) => {
      page.on('pageerror', reject);
    });
    failed.catch(() => undefined); // it may fail after the page has finished
    await page.addScriptTag({ type: 'module', content: outputFiles[0].text });
    await Promise.race([page.waitForFunction('globalThis.done', undefined, { timeout: TIMEOUT }), failed]);
    return undefined;
  } catch (error) {
    return String(error.stack ?? error).replaceAll(/^/gm, '    ');
  } finally {
    await browser.close();
  }
}
