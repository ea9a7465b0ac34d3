import { launch, type ElementHandle, type LaunchOptions } from 'puppeteer-core';
import { find, patiently, type Named, type Tab } from './tab.js';

/** Milliseconds for a page to load: it may stand beside other work that keeps the machine busy. */
const PATIENCE = 100_000;

/** Opens Chromium or Firefox by puppeteer. */
export async function openWithPuppeteer(options: LaunchOptions): Promise<Tab> {
  const browser = await launch(options);
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  page.setDefaultTimeout(PATIENCE);
  const use = (element: Named, act: (handle: ElementHandle) => Promise<void>): Promise<void> =>
    patiently(element, async () => {
      const handle = (await page.evaluateHandle(find, element.kind, element.name)).asElement() as ElementHandle | null;
      if (handle === null) return false;
      await act(handle);
      await handle.dispose();
      return true;
    });
  return {
    open: async (url) => void (await page.goto(url)),
    run: (task, ...args) => page.evaluate(task as unknown as (...args: unknown[]) => never, ...args),
    click: (element) => use(element, (handle) => handle.click()),
    type: (field, text) =>
      use(field, async (handle) => {
        await handle.evaluate((input) => (input as HTMLInputElement).select());
        await handle.type(text);
      }),
    close: () => browser.close(),
  };
}
