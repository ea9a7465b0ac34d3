import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { CHROMIUM_FLAGS, FLAGS_WITHOUT_GRAPHICS, chromiumToTestIn } from '@heed/chromium';
import { serveFolder, type Site } from '@heed/chromium/serve';
import { chromium, type Browser, type BrowserContextOptions, type Page, type Response } from 'playwright-core';
import { BASE } from '../build/hosting.js';

export const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

export const executablePath = chromiumToTestIn();

/** Greatest size of a page's JavaScript, compressed, before anything on it is asked for. */
export const SCRIPT_BYTES = 150_000;

/** Pages that are looked at: one of each kind, and each language. */
export const TEN: Readonly<Record<string, string>> = {
  home: '',
  'home-zh': 'zh/',
  lesson: 'guides/attention/scores/',
  guide: 'guides/pronunciation/',
  'lesson-zh': 'zh/guides/attention/softmax/',
  overview: 'overview/',
  conformance: 'conformance/',
  decision: 'decisions/014-composed-forms-own-their-gradient/',
  errors: 'errors/',
  api: 'api/metrics.html',
};

/** Graphics are computed in software, unless a test has no use for them, which makes all that is shown cheaper. */
export const launch = ({ graphics = true } = {}): Promise<Browser> =>
  chromium.launch({ executablePath, args: [...(graphics ? CHROMIUM_FLAGS : FLAGS_WITHOUT_GRAPHICS)] });

/** The built site, below the path that it was built for. */
export const serve = (): Promise<Site> => serveFolder(DIST, BASE, false);

export interface Visit {
  readonly page: Page;
  /** All that the page and the browser complained of, requests to elsewhere among them. */
  readonly problems: string[];
  /** Bytes of JavaScript that came, as a server sends them: compressed. */
  script(): Promise<number>;
  close(): Promise<void>;
}

/** A page in a context of its own. */
export async function visit(browser: Browser, url: string, context: BrowserContextOptions = {}): Promise<Visit> {
  const own = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...context });
  const page = await own.newPage();
  const problems: string[] = [];
  const scripts: Response[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== new URL(url).origin && !['blob:', 'data:'].includes(protocol)) {
      problems.push(`a request to elsewhere: ${request.url()}`);
    }
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
    if (new URL(response.url()).pathname.endsWith('.js')) scripts.push(response);
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  return {
    page,
    problems,
    script: async () => {
      const bodies = await Promise.all(scripts.map((one) => one.body()));
      return bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
    },
    close: () => own.close(),
  };
}
