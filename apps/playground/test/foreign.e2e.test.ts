import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseReport } from '@heed/conformance';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { violations } from '@heed/chromium/axe';
import { executablePath, launch, ready, visit, type Visit } from './browser.js';
import { curious, moduleOf, templateModule, WRONG } from './modules.js';
import { picture } from './pictures.js';
import { HEADS, sizeOf } from './suite-size.js';
import { untranslated } from './untranslated.js';

const VIEW = '#1?view=backends';

/** Modules that are broken, with what is said of each in English and in Chinese. */
const BROKEN: readonly (readonly [text: string, english: string, chinese: string])[] = [
  ['export default {', "the module can't be read", '模块出错'],
  ["throw new Error('no luck')", 'the module fails: Error: no luck', '模块出错：“Error: no luck”'],
  ["import 'lodash'; export default 1", "imports 'lodash'", '模块导入了“lodash”'],
  ['export default 7', 'is not the factory of a backend', '不是后端的工厂'],
  ['export const a = 1, b = 2', 'exports a, b, and none of it as default', '必须有默认导出'],
  ["export default { get name() { throw new Error('a trap') } }", 'Error: a trap', '模块出错：“Error: a trap”'],
  // What runs in the worker can also speak in the worker's name.
  ['postMessage({ id: 0 }); export default 1', 'a message that makes no sense', '模块出错'],
  ["postMessage({ id: 0, kind: 'done', result: '{}' }); export default 1", 'makes no sense', '没有意义'],
  [
    moduleOf({ before: "setTimeout(() => { throw 'late' }); await new Promise(() => {})" }),
    'late',
    '模块出错：“Uncaught late”',
  ],
];

describe.runIf(executablePath !== undefined)('a backend from somebody else', () => {
  let browser: Browser;
  let template: string;
  beforeAll(async () => {
    [browser, template] = await Promise.all([launch(), templateModule()]);
  });
  afterAll(() => browser?.close());

  const choose = (page: Page, text: string | Buffer, name = 'module.js'): Promise<void> =>
    page
      .locator('#foreign-file')
      .setInputFiles({ name, mimeType: 'text/javascript', buffer: Buffer.from(text as string) });

  /** Opens the view, takes a module, and says that it may run. */
  async function running(text: string, options: Parameters<typeof visit>[1] = {}): Promise<Visit> {
    const opened = await visit(browser, { hash: VIEW, ...options });
    await ready(opened.page);
    await choose(opened.page, text);
    await opened.page.getByRole('button', { name: 'Run this code' }).click();
    return opened;
  }

  test('as a file: nothing runs before the reader says so, then it is shown and held against the suite', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    await choose(page, template);
    const question = page.getByRole('group', { name: 'Run code from somebody else?' });
    await question.getByText(/“module\.js”, [\d.]+ kB\. It was read, but nothing of it has run/).waitFor();
    await question.getByText(/can’t reach the network/).waitFor();
    expect(await question.evaluate((group) => group === document.activeElement)).toBe(true);
    expect(await page.locator('iframe').count()).toBe(0);
    await question.getByRole('button', { name: 'Don’t run it' }).click();
    expect(await question.count()).toBe(0);

    await choose(page, template);
    await question.getByRole('button', { name: 'Run this code' }).click();
    const facts = page.getByRole('region', { name: 'Backend “your-backend” (foreign code)' });
    await facts.getByText('TensorFlow.js cpu').waitFor();
    expect((await facts.innerText()).replaceAll(/\s+/g, ' ')).toMatch(/Fused operations none; composed/);
    const suite = page.getByRole('region', { name: 'Conformance suite on “your-backend”' });
    await suite.getByRole('button', { name: 'Run on “your-backend”' }).click();
    await suite.getByText(`“your-backend”: ${HEADS} passed, 0 failed`).waitFor();
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      suite.getByRole('button', { name: 'Save the report as JSON' }).click(),
    ]);
    const report = parseReport(await readFile(await saved.path(), 'utf8'));
    expect(report).toMatchObject({ backend: 'your-backend', totals: { passed: HEADS, composed: expect.any(Number) } });

    await facts.getByRole('button', { name: 'Remove it' }).click();
    expect(await facts.count()).toBe(0);
    expect(await page.locator('iframe').count()).toBe(0);
    expect(new URL(page.url()).hash).toBe(VIEW);
    expect(problems).toEqual([]);
    await close();
  });

  describe('and another server', () => {
    let server: Server;
    let origin: string;
    let asked: string[] = [];
    beforeAll(async () => {
      server = createServer(({ url }, response) => {
        asked.push(url!);
        response.writeHead(200, url === '/closed.js' ? {} : { 'Access-Control-Allow-Origin': '*' });
        if (url === '/slow.js') response.flushHeaders();
        else response.end(url === '/large.js' ? Buffer.alloc(17 * 2 ** 20, ' ') : template);
      });
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    beforeEach(() => {
      asked = [];
    });
    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });

    test('comes from an address that the reader types, and never from one of a link', async () => {
      const { page, problems, close } = await visit(browser, { hash: `${VIEW}&module=${origin}/open.js` });
      await ready(page);
      await page.getByRole('alert').filter({ hasText: 'This link doesn’t work' }).getByText('Close').click();
      await page.getByRole('tab', { name: 'Backends' }).click();
      const address = page.getByLabel('Address of a module');
      expect(await address.inputValue()).toBe('');
      expect(asked).toEqual([]);
      await address.fill(`${origin}/open.js`);
      expect(asked).toEqual([]);
      await page.getByRole('button', { name: 'Fetch it' }).click();
      await page.getByText(`“${origin}/open.js”`).waitFor();
      expect(asked).toEqual(['/open.js']);
      await page.getByRole('button', { name: 'Run this code' }).click();
      await page.getByRole('region', { name: 'Backend “your-backend” (foreign code)' }).waitFor();
      expect(page.url()).not.toContain('open.js');
      expect(problems).toEqual([`a request to elsewhere: ${origin}/open.js`]);
      await close();
    });

    test('has one clear error when it can’t be had, and a stop', async () => {
      const { page, close } = await visit(browser, { hash: VIEW });
      await ready(page);
      const fetches = async (address: string): Promise<void> => {
        await page.getByLabel('Address of a module').fill(address);
        await page.getByRole('button', { name: 'Fetch it' }).click();
      };
      const alert = page.locator('main [role=alert]');
      await fetches('http://elsewhere.example/x.js');
      await alert.getByText(/it begins with https:\/\/, or with http:\/\/localhost/).waitFor();
      await fetches(`${origin}/closed.js`);
      await alert.getByText(/its server must let other pages read it/).waitFor();
      await fetches(`${origin}/large.js`);
      await alert.getByText('This file is too large.').waitFor();
      await fetches(`${origin}/slow.js`);
      await page.getByText('Fetching the module').waitFor();
      await page.getByRole('button', { name: 'Stop' }).click();
      await expect.poll(() => page.getByText('Fetching the module').count()).toBe(0);
      expect(await alert.count()).toBe(0);
      expect(await page.locator('iframe').count()).toBe(0);
      await close();
    });

    test.each([
      ['isolated', true],
      ['not isolated', false],
    ])('finds no way out of the sandbox, in a page that is %s', async (_, isolated) => {
      const { page, url, close } = await visit(browser, { hash: VIEW, isolated });
      await ready(page);
      await choose(page, curious(url, origin));
      await page.getByRole('button', { name: 'Run this code' }).click();
      await page.getByText('tried 14, open: none; origin null').waitFor();
      expect(asked).toEqual([]);
      await close();
    });
  });

  test('that is wrong fails, and the page says in which cases', async () => {
    const { page, problems, close } = await running(WRONG);
    const suite = page.getByRole('region', { name: 'Conformance suite on “brought”' });
    await suite.getByLabel('Group').selectOption('normalizers');
    await suite.getByRole('button', { name: 'Run on “brought”' }).click();
    await suite.getByText(/“brought”: \d+ passed, [1-9]\d* failed/).waitFor();
    expect(await suite.locator('li code').first().textContent()).toMatch(/softmax/i);
    expect(problems).toEqual([]);
    await close();
  });

  test('that is broken gives one error, in both languages, and the page works on', async () => {
    const { page, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    const alert = page.locator('main [role=alert]');
    for (const [text, english, chinese] of BROKEN) {
      await choose(page, text);
      await page.getByRole('button', { name: 'Run this code' }).click();
      await alert.filter({ hasText: english }).waitFor();
      expect(await alert.count(), english).toBe(1);
      await page.getByLabel('Language').selectOption('zh');
      await alert.filter({ hasText: chinese }).waitFor();
      expect(await untranslated(page)).toEqual([]);
      await page.locator('header').getByLabel('语言').selectOption('en');
    }
    await choose(page, template);
    await page.getByRole('button', { name: 'Run this code' }).click();
    await page.getByRole('region', { name: 'Backend “your-backend” (foreign code)' }).waitFor();
    expect(await alert.count()).toBe(0);
    await close();
  });

  test('that is too large, or no text, is refused', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    await page.locator('#foreign-file').evaluate((input: HTMLInputElement) => {
      const files = new DataTransfer();
      files.items.add(new File([new Uint8Array(16 * 2 ** 20 + 1)], 'large.js'));
      input.files = files.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await page.locator('main [role=alert]').getByText('This file is too large.').waitFor();
    await choose(page, Buffer.from([0xff, 0xfe, 0x00]));
    await page
      .locator('main [role=alert]')
      .getByText(/no text in UTF-8/)
      .waitFor();
    expect(await page.getByRole('button', { name: 'Run this code' }).count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  test.each([
    ['loops when it is loaded', moduleOf({ before: 'for (;;);' })],
    ['never ends loading', moduleOf({ before: 'await new Promise(() => {});' })],
  ])('that %s is stopped, and the page works on', async (_, text) => {
    const { page, problems, close } = await running(text);
    await page.getByText('Loading the module').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => page.getByText('Loading the module').count()).toBe(0);
    expect(await page.locator('iframe').count()).toBe(0);
    await page.getByRole('button', { name: 'Run on wasm' }).click();
    await page.getByText(`wasm: ${HEADS} passed, 0 failed`).waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('that hangs in the suite is stopped, and runs again', async () => {
    const hangs = moduleOf({
      takes: "{ normalizers: ['softmax'] }",
      kernels: '{ weightedContext: { forward() { for (;;); }, backward() {} } }',
    });
    const { page, problems, close } = await running(hangs);
    const suite = page.getByRole('region', { name: 'Conformance suite on “brought”' });
    await suite.getByLabel('Group').selectOption('normalizers');
    await suite.getByRole('button', { name: 'Run on “brought”' }).click();
    await suite.getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => suite.getByRole('button', { name: 'Stop' }).count()).toBe(0);
    await suite.getByLabel('Group').selectOption('bias'); // without these kernels
    await suite.getByRole('button', { name: 'Run on “brought”' }).click();
    await suite.getByText(`“brought”: ${sizeOf('bias')} passed, 0 failed`).waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test.each([
    { look: 'light-wide', colorScheme: 'light', width: 1200, locale: 'en-US' },
    { look: 'dark-narrow', colorScheme: 'dark', width: 360, locale: 'en-US' },
    { look: 'light-narrow-zh', colorScheme: 'light', width: 360, locale: 'zh-CN' },
  ] as const)(
    '$look: nothing that axe finds, nothing that sticks out',
    async ({ look, colorScheme, width, locale }) => {
      const context = { colorScheme, locale, viewport: { width, height: 800 } };
      const { page, problems, close } = await visit(browser, { hash: VIEW, context });
      await ready(page);
      const words =
        locale === 'zh-CN' ? ['运行这段代码', '在 “brought” 上运行'] : ['Run this code', 'Run on “brought”'];
      const looks = async (step: string): Promise<void> => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        expect(await violations(page)).toEqual([]);
        if (locale === 'zh-CN') expect(await untranslated(page)).toEqual([]);
        await picture(page, `foreign-${step}-${look}`);
      };
      await page.locator('details.box', { has: page.locator('pre') }).evaluate((box) => box.setAttribute('open', ''));
      await choose(page, WRONG);
      await page.getByRole('button', { name: words[0]! }).waitFor();
      await looks('asked');
      await page.getByRole('button', { name: words[0]! }).click();
      const run = page.getByRole('button', { name: words[1]! });
      await run.waitFor();
      await page.locator('select:has(option[value=normalizers])').last().selectOption('normalizers');
      await run.click();
      await page.locator('section li code').first().waitFor();
      await looks('ran');
      expect(problems).toEqual([]);
      await close();
    },
  );
});
