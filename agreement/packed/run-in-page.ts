import { CHROMIUM_FLAGS, WEBGPU_FLAGS } from '@heed/chromium';
import { build } from 'esbuild';
import { chromium } from 'playwright';

const TIMEOUT = 60_000; // ms
/** Nothing listens there. A page has WebGPU on a secure origin alone. */
const ORIGIN = 'https://example.localhost/';

/**
 * Runs a program as a page would: bundled, in Chromium.
 *
 * @param source  an ES module, which imports what is installed in `folder`
 * @throws what the program throws, or the bundler
 */
export async function runInPage(source: string, folder: string, executablePath: string): Promise<void> {
  const contents = `${source}\nglobalThis.done = true;`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'silent',
  });
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS, ...WEBGPU_FLAGS] });
  try {
    const page = await browser.newPage();
    const failed = new Promise<never>((_, reject) => {
      page.on('pageerror', reject);
    });
    failed.catch(() => undefined); // it may fail after the page has finished
    await page.route(ORIGIN, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
    await page.goto(ORIGIN);
    await page.addScriptTag({ type: 'module', content: outputFiles[0].text });
    await Promise.race([page.waitForFunction('globalThis.done', undefined, { timeout: TIMEOUT }), failed]);
  } finally {
    await browser.close();
  }
}
