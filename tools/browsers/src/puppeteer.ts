import { launch, type ElementHandle, type LaunchOptions } from 'puppeteer-core';
import { find, isAtRest, patiently, type Named, type Session } from './tab.js';

/** Opens Chromium or Firefox by puppeteer. */
export async function openWithPuppeteer(options: LaunchOptions): Promise<Session> {
  const browser = await launch(options);
  const page = (await browser.pages())[0] ?? (await browser.newPage());
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
    // How long it may take is for who opens it to say.
    open: async (url) => void (await page.goto(url, { timeout: 0 })),
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
    kill: () => void browser.process()?.kill('SIGKILL'),
  };
}
