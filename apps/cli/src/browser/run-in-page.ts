import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HeedError } from '@heed/base';
import type { BrowserContext, Page } from 'playwright-core';
import { EXIT } from '../exit-codes.js';
import type { Host, Interruptible } from '../host.js';
import { colorLevel } from '../io/colors.js';
import { ENDING } from '../io/interrupt.js';
import type { JobMessage, PageGlobals } from '../page/globals.js';
import { answer, decode, encode, settle } from '../page/message.js';
import { findBrowser } from './find-browser.js';
import { hostCalls, type HostCalls } from './host-calls.js';
import { withBrowser } from './launch.js';

export interface PageSettings {
  /** The backend that the job runs on. */
  readonly backend: string;
  /** Path of the browser. */
  readonly browser: string | undefined;
  /** Tell what the page writes on its console. */
  readonly debug: boolean;
}

/**
 * Runs a job of `page/main.ts` in a page of a browser that is started for it, with this host's files, terminal and signals.
 *
 * @returns what the job returns
 * @throws what the job throws; HeedError BACKEND_UNAVAILABLE when no browser can be started, BACKEND_LOST when the page or the
 *   browser ends before the job
 */
export async function runInPage<Result>(
  host: Host,
  job: string,
  args: readonly unknown[],
  { backend, browser: named, debug }: PageSettings,
): Promise<Result> {
  let held: Interruptible | undefined;
  // Nobody holds the signal: this process ends, and the browser with it.
  const leave = (): void => {
    if (held === undefined) process.exit(EXIT.interrupted);
  };
  const executablePath = await findBrowser(named, backend);
  for (const name of ENDING) process.on(name, leave);
  try {
    return await withBrowser({ executablePath, backend }, async (browser) => {
      const page = await openPage(await browser.newContext());
      if (debug) page.on('console', (message) => host.output.note(`page: ${message.text()}`));
      const calls = hostCalls(host, {
        hold(note) {
          held = host.interruptible(note);
          held.signal.addEventListener('abort', () => void interrupt(page));
        },
        release() {
          held?.release();
          held = undefined;
        },
      });
      await page.exposeFunction('heedHost' satisfies keyof PageGlobals, (text: string) => answerCall(calls, text));
      await page.goto(ORIGIN);
      return (await runJob(page, { job, backend, args, terminal: factsOf(host) })) as Result;
    });
  } finally {
    held?.release();
    for (const name of ENDING) process.off(name, leave);
    // Lines that were asked for and never came would keep this process waiting.
    process.stdin.destroy();
  }
}

// Nothing is listening there: every request is answered below. A secure origin has all that pages may have.
const ORIGIN = 'https://heed.localhost/';
const FILES = fileURLToPath(new URL('../web', import.meta.url));

/** A page that gets the files of dist/web and nothing else. */
async function openPage(context: BrowserContext): Promise<Page> {
  await context.route('**', (route) => {
    const { href, pathname } = new URL(route.request().url());
    if (href === ORIGIN) return route.fulfill({ contentType: 'text/html', body: HTML });
    if (href.startsWith(ORIGIN) && /^\/[\w-]+\.js$/.test(pathname)) {
      return route.fulfill({ contentType: 'text/javascript', path: join(FILES, pathname) });
    }
    return route.abort();
  });
  return context.newPage();
}

const HTML = '<!doctype html><meta charset="utf-8"><title>heed</title><script type="module" src="main.js"></script>';

async function runJob(page: Page, message: JobMessage): Promise<unknown> {
  let outcome: string;
  try {
    outcome = await page.evaluate((text) => (globalThis as unknown as PageGlobals).heedRun(text), encode(message));
  } catch (cause) {
    throw new HeedError('BACKEND_LOST', {
      message: `the page ended before its work: ${firstLine(cause)}`,
      hint: 'it may have run out of memory, of its own or of the GPU: make the problem smaller. What was saved is whole',
      cause,
    });
  }
  return settle(outcome);
}

const firstLine = (error: unknown): string =>
  (error as Error).message
    .split('\n')[0]
    .replace(/^page\.evaluate: /, '')
    .trim();

function answerCall(calls: HostCalls, text: string): Promise<string> {
  const [name, args] = decode(text) as [keyof HostCalls, never[]];
  return answer(() => (calls[name] as (...args: never[]) => unknown)(...args));
}

/** The page may be gone already, which the job's own end tells. */
const interrupt = (page: Page): Promise<void> =>
  page.evaluate(() => (globalThis as unknown as PageGlobals).heedInterrupt()).catch(() => {});

const factsOf = ({ output, stdinIsTerminal }: Host): JobMessage['terminal'] => ({
  json: output.json,
  colors: colorLevel(process.stdout),
  stdinIsTerminal,
});
