import { gzipSync } from 'node:zlib';
import type { Browser, Page, Route, Worker } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, keysOf, launch, ready, tableOf, visit } from './browser.js';

describe.runIf(executablePath !== undefined)('the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch({ graphics: true });
  });
  afterAll(() => browser?.close());

  const computes = async (page: Page, backend: string): Promise<void> => {
    await page.getByText(new RegExp(`of the ${backend} backend|on ${backend}\\.`)).waitFor();
    expect((await tableOf(page, 'Weights α')).values).toHaveLength(4);
  };

  test.each([
    ['isolated', true, /Threads\s+[2-8]/],
    ['not isolated', false, /Threads\s+1: this page is served without the headers/],
  ])('works from a sub-path, %s', async (_, isolated, threads) => {
    const { page, problems, close } = await visit(browser, { base: '/some/where/', isolated });
    await ready(page);
    await computes(page, 'wasm');
    await page.getByRole('tab', { name: 'Backends' }).click();
    await page.getByRole('region', { name: 'Backend wasm' }).getByText('relaxed', { exact: true }).waitFor();
    expect(await page.getByRole('region', { name: 'Backend wasm' }).innerText()).toMatch(threads);
    expect(problems).toEqual([]);
    await close();
  });

  test('a first visit loads the page and the backend in use, and that works offline; the rest is kept on request', async () => {
    const { page, url, close } = await visit(browser, { base: '/some/where/', context: { serviceWorkers: 'allow' } });
    const loaded = new Map<string, number>();
    page.context().on('response', async (response) => {
      loaded.set(response.url(), (await response.body().catch(() => '')).length);
    });
    await page.reload(); // everything is counted from the beginning
    await ready(page);
    await computes(page, 'wasm');
    const keep = page.getByRole('button', { name: /^Keep all of the page \(3\d\.\d MB more\)$/ });
    await keep.waitFor();
    const names = [...loaded.keys()].map((name) => name.slice(url.length));
    expect(names.filter((name) => /^assets\/(?:model-.*safetensors|cmu|card|run-.*json)/.test(name))).toEqual([]);
    expect([...loaded.values()].reduce((sum, size) => sum + size, 0)).toBeLessThan(2_500_000);

    await page.context().setOffline(true);
    await page.reload();
    await ready(page);
    await computes(page, 'wasm');
    await page.getByRole('tab', { name: 'Model', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'There is no connection.' }).waitFor();

    await page.context().setOffline(false);
    await keep.click();
    await page.getByText('All of the page is kept: it works offline.').waitFor();
    await page.context().setOffline(true);
    await page.reload();
    await ready(page);
    await page.getByRole('tab', { name: 'Formula' }).click();
    await page.getByLabel('cpu', { exact: true }).check();
    await computes(page, 'cpu');
    await page.getByRole('tab', { name: 'Model', exact: true }).click();
    await page.getByText('attention → AH T EH N SH AH N').first().waitFor();
    await page.getByRole('tab', { name: 'Train' }).click();
    await page.getByText(/^after step 0 of/).waitFor();
    await page.getByRole('button', { name: 'English words and their sounds' }).click();
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByText(/^Step \d+ of/).waitFor();
    await close();
  });

  test('a tab of an old version, whose files are gone, asks to be reloaded', async () => {
    const { page, url, close } = await visit(browser);
    await ready(page);
    // A new version was put on the server.
    const html = await (await page.request.get(url)).text();
    await page.route('**/index.html', (route) =>
      route.fulfill({ contentType: 'text/html', body: html.replace(/index-[^.]*\.js/, 'index-NEW.js') }),
    );
    await page.route(/\/assets\/(?:dist|model|uPlot)[^/]*$/, (route) => route.fulfill({ status: 404 }));
    const asks = page.getByRole('alert').filter({ hasText: 'There is a new version of this page.' });
    await page.getByRole('tab', { name: 'Model', exact: true }).click();
    await asks.first().waitFor();
    expect(await page.getByText('look at your connection').count()).toBe(0);
    // A backend that wasn't used before, too.
    await page.getByRole('tab', { name: 'Formula' }).click();
    await page.getByLabel('cpu', { exact: true }).check();
    await page
      .locator('header')
      .getByRole('alert')
      .filter({ hasText: 'There is a new version of this page.' })
      .waitFor();
    await page.unrouteAll();
    await asks.first().getByRole('button', { name: 'Reload' }).click();
    await ready(page);
    await expect.poll(() => asks.count()).toBe(0);
    await computes(page, 'cpu');
    await close();
  });

  test('says that there is no WebGL and no WebGPU, and computes on another backend', async () => {
    const plain = await launch();
    const { page, problems, close } = await visit(plain);
    await ready(page);
    await page.getByLabel('webgl', { exact: true }).check();
    await page.getByText('webgl can’t be used, so wasm computes instead:').waitFor();
    await page.getByRole('alert').filter({ hasText: 'WebGL' }).first().waitFor();
    await page.getByLabel('webgpu', { exact: true }).click();
    await page.getByText('webgpu can’t be used, so wasm computes instead:').waitFor();
    expect(await page.getByLabel('wasm', { exact: true }).isChecked()).toBe(true);
    await computes(page, 'wasm');
    await page.getByRole('tab', { name: 'Backends' }).click();
    await page.getByRole('button', { name: 'Compare' }).click();
    for (const name of ['webgl', 'webgpu'])
      await page.locator('#compare-times tr', { hasText: name }).getByText('can’t run here').waitFor();
    expect(problems).toEqual([]);
    await close();
    await plain.close();
  });

  test('reports a lost graphics context, and starts again', async () => {
    const { page, problems, close } = await visit(browser, { hash: '#1?on=webgl&v=random', prepare: rememberContexts });
    await ready(page);
    await computes(page, 'webgl');
    const before = await tableOf(page, 'Weights α');
    expect(await loseContexts(page.workers())).toBeGreaterThan(0);
    await page.getByRole('spinbutton', { name: 'Seed' }).fill('2');
    await page.getByRole('alert').filter({ hasText: 'the browser has taken the GPU away' }).waitFor();
    // Zeros that a lost context computes must not be shown, nor the answer to what was asked before.
    expect(await page.locator('figure:visible', { hasText: 'Weights α' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await expect.poll(async () => (await tableOf(page, 'Weights α')).values).not.toEqual(before.values);
    await computes(page, 'webgl');
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  test('its own JavaScript is small, its worker’s too', async () => {
    const sizes = new Map<string, Promise<number>>();
    const { page, close } = await visit(browser, {
      prepare: async (page) => {
        // The first that a worker loads of a backend.
        await page.route(/\/assets\/session-[^/]*\.js$/, (route) => route.abort());
        page.on('response', (response) => {
          const name = response.url();
          if (!name.endsWith('.js') || sizes.has(name)) return;
          sizes.set(
            name,
            response.body().then((body) => gzipSync(body, { level: 9 }).length),
          );
        });
      },
    });
    await page.getByRole('alert').first().waitFor(); // it has asked for the backend
    await page.waitForLoadState('networkidle');
    expect([...sizes.keys()].some((name) => name.includes('/handlers-'))).toBe(true);
    const bytes = (await Promise.all(sizes.values())).reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(20_000);
    expect(bytes).toBeLessThan(150_000);
    await close();
  });

  test('works where the browser blocks storage', async () => {
    const { page, problems, close } = await visit(browser, {
      prepare: (page) =>
        page.addInitScript(() => {
          Object.defineProperty(globalThis, 'localStorage', {
            get() {
              throw new DOMException('blocked', 'SecurityError');
            },
          });
        }),
    });
    await ready(page);
    await computes(page, 'wasm');
    await page.getByRole('button', { name: 'Switch between light and dark' }).click();
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await page.getByLabel('Language').selectOption('zh');
    await page.getByRole('heading', { name: '谁在关注谁' }).waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('speaks the language of the browser, and another when asked', async () => {
    const { page, problems, close } = await visit(browser, { context: { locale: 'zh-CN' } });
    await page.getByRole('heading', { name: '谁在关注谁' }).waitFor();
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('zh-Hans');
    await ready(page);
    const map = keysOf(page.locator('figure', { hasText: '权重 α' }));
    await page.getByText('由 wasm 后端的一个融合内核算出。').waitFor(); // a map that is drawn anew forgets where the reader was
    const status = page.locator('figure', { hasText: '权重 α' }).locator('attention-heatmap [role=status]');
    // It may be drawn once more, so the reader comes back to it.
    await expect
      .poll(async () => {
        await map.blur();
        await map.focus();
        await page.keyboard.press('ArrowRight');
        return status.textContent();
      })
      .toMatch(/^记忆 the 到 查询 the，0\.\d+/);
    await page.locator('header').getByLabel('语言').selectOption('en');
    await page.getByRole('heading', { name: 'What attends to what' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'What attends to what' }).waitFor();
    expect(problems).toEqual([]);
    await close();
  });
});

/** Puts every graphics context that a worker makes where a test can reach it. */
async function rememberContexts(page: Page): Promise<void> {
  const remember = `
    self.contexts = [];
    const original = OffscreenCanvas.prototype.getContext;
    OffscreenCanvas.prototype.getContext = function (kind, ...rest) {
      const context = original.call(this, kind, ...rest);
      if (context !== null && kind.startsWith('webgl')) self.contexts.push(context);
      return context;
    };
  `;
  await page.route(/\/assets\/main-[^/]*\.js$/, async (route: Route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${remember}${await response.text()}` });
  });
}

async function loseContexts(workers: readonly Worker[]): Promise<number> {
  let lost = 0;
  for (const worker of workers) {
    lost += await worker.evaluate(() => {
      const { contexts = [] } = self as unknown as { contexts?: WebGL2RenderingContext[] };
      const usable = contexts.filter((context) => !context.isContextLost());
      for (const context of usable) context.getExtension('WEBGL_lose_context')!.loseContext();
      return usable.length;
    });
  }
  return lost;
}
