import { TimeoutError, launch, type Browser, type ElementHandle, type LaunchOptions, type Page } from 'puppeteer-core';
import { find, isAtRest, patiently, type Named, type Tab } from './tab.js';

/** Milliseconds for a page to load: it may stand beside other work that keeps the machine busy. */
const PATIENCE = 100_000;

/** Opens Chromium or Firefox by puppeteer. */
export async function openWithPuppeteer(options: LaunchOptions): Promise<Tab> {
  let [browser, page] = await start(options);
  /** @param act whether it could be done; otherwise it is tried again */
  const use = (element: Named, act: (handle: ElementHandle) => Promise<boolean>): Promise<void> =>
    patiently(element, async () => {
      const handle = (await page.evaluateHandle(find, element.kind, element.name)).asElement() as ElementHandle | null;
      if (handle === null) return false;
      const isDone = await act(handle);
      await handle.dispose();
      return isDone;
    });
  return {
    async open(url) {
      try {
        await page.goto(url);
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
        // Seen once, in Firefox: a navigation never ended, and neither did the next. What is tested is the page, and it begins anew.
        console.error(`a browser didn't open ${url} in ${PATIENCE / 1000} s; starting it again`);
        browser.process()?.kill('SIGKILL');
        [browser, page] = await start(options);
        await page.goto(url);
      }
    },
    run: (task, ...args) => page.evaluate(task as unknown as (...args: unknown[]) => never, ...args),
    click: (element) =>
      use(element, async (handle) => {
        const isReady = await handle.evaluate(isAtRest);
        if (isReady) await handle.click();
        return isReady;
      }),
    type: (field, text) =>
      use(field, async (handle) => {
        await handle.evaluate((input) => (input as HTMLInputElement).select());
        await handle.type(text);
        return true;
      }),
    close: () => browser.close(),
  };
}

async function start(options: LaunchOptions): Promise<[Browser, Page]> {
  const browser = await launch(options);
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  page.setDefaultTimeout(PATIENCE);
  return [browser, page];
}
