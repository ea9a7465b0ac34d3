import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, FLAGS_WITHOUT_GRAPHICS, WEBGPU_FLAGS, chromiumToTestIn } from '@heed/chromium';
import { vi } from 'vitest';
import { serveFolder } from '@heed/chromium/serve';

export const executablePath = chromiumToTestIn();

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

interface Launch {
  readonly webgpu?: boolean;
  readonly graphics?: boolean;
}

/**
 * Without graphics by default: in software they take a quarter of a page's time, and what a page computes on wasm or cpu has no part in them.
 * WebGPU is there when it is asked for, as browsers have it; without, it takes no adapter that computes in software.
 */
export const launch = ({ webgpu = false, graphics = webgpu }: Launch = {}): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [...(graphics ? CHROMIUM_FLAGS : FLAGS_WITHOUT_GRAPHICS), ...(webgpu ? WEBGPU_FLAGS : [])],
    // Which graphics there are is for the test to say.
    ignoreDefaultArgs: ['--enable-unsafe-swiftshader'],
  });

export interface Visit {
  readonly page: Page;
  readonly url: string;
  /** All that page, workers and browser complained of. */
  readonly problems: string[];
  close(): Promise<void>;
}

export interface VisitOptions {
  /** Link of the visit: by default that of the formula as it begins, and without one, '', a first visit. */
  readonly hash?: string;
  /** Where the page lies on its server. */
  readonly base?: string;
  readonly isolated?: boolean;
  readonly context?: BrowserContextOptions;
  /** Before the page is loaded. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** The page in a context of its own, served as told. */
export async function visit(
  browser: Browser,
  { hash = '#1', base = '/', isolated = true, context = {}, prepare }: VisitOptions = {},
): Promise<Visit> {
  const site = await serveFolder(DIST, base, isolated);
  const own = await browser.newContext({
    serviceWorkers: 'block',
    locale: 'en-US',
    viewport: { width: 1200, height: 900 },
    reducedMotion: 'reduce',
    ...context,
  });
  const page = await own.newPage();
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type()) || EXPECTED.test(message.text())) return;
    problems.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== new URL(site.url).origin && !['blob:', 'data:'].includes(protocol)) {
      problems.push(`a request to elsewhere: ${request.url()}`);
    }
  });
  await prepare?.(page);
  await page.goto(`${site.url}${hash}`);
  return {
    page,
    url: site.url,
    problems,
    async close() {
      await own.close();
      await site.close();
    },
  };
}

// What drivers of software graphics say about their own speed, that there is none for WebGPU, and that the tests let no service worker in.
const EXPECTED = /GL Driver Message|GPU stall|software WebGL|No available adapters|blocked by Playwright/;

/** The numbers of the map under a heading, read from its table; NaN where a cell is masked. */
export async function tableOf(
  page: Page,
  name: string,
): Promise<{ rows: string[]; columns: string[]; values: number[][] }> {
  const figure = page.locator('figure:visible', { has: page.locator(`strong:text-is("${name}")`) }).first();
  const toggle = figure.getByRole('button', { name: `Table: ${name}` });
  // A page whose inputs change may draw its maps anew, not as tables.
  return vi.waitFor(
    async () => {
      if ((await toggle.getAttribute('aria-pressed', LITTLE)) !== 'true') await toggle.click(LITTLE);
      return figure.locator('table').evaluate(numbersIn, undefined, LITTLE);
    },
    { timeout: 60_000 },
  );
}

const LITTLE = { timeout: 5_000 };

const numbersIn = (table: HTMLTableElement): { rows: string[]; columns: string[]; values: number[][] } => ({
  columns: [...table.tHead!.rows[0].cells].slice(1).map((cell) => cell.textContent),
  rows: [...table.tBodies[0].rows].map((row) => row.cells[0].textContent),
  values: [...table.tBodies[0].rows].map((row) => [...row.cells].slice(1).map((cell) => Number(cell.textContent))),
});

/**
 * Clicks a button in the moment in which it appears: a fast machine may have done what a pointer was still on its way to stop. To be called
 * before what makes the button appear, and awaited after.
 */
export const clickOnceThere = (page: Page, name: string): Promise<void> =>
  page.evaluate(
    (wanted) =>
      new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          const found = [...document.querySelectorAll('button')].find(({ innerText }) => innerText === wanted);
          if (found === undefined) return;
          observer.disconnect();
          found.click();
          resolve();
        });
        observer.observe(document.body, { childList: true, subtree: true });
      }),
    name,
  );

/** What takes a map's keys, once it is drawn: that is a frame after it is there, and keys before count for nothing. */
export const keysOf = (figure: Locator): Locator => figure.locator('[role=application][aria-label]');

/** Waits until every map that can be seen is drawn. */
export async function drawn(page: Page): Promise<void> {
  const blank = page.locator('attention-heatmap:visible [role=application]:not([aria-label])');
  await blank.first().waitFor({ state: 'detached' });
}

/** Widths and colours in which a view is looked at. */
export const LOOKS = [
  [1200, 'light'],
  [1200, 'dark'],
  [360, 'light'],
  [360, 'dark'],
] as const;

/** Waits until the backend in use says that it is ready. */
export async function ready(page: Page): Promise<void> {
  await page.locator('header [role=status]', { hasText: /thread|线程/ }).waitFor();
}
