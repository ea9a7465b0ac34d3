import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHROMIUM_FLAGS } from '@heed/chromium';
import { build } from 'esbuild';
import { chromium, type Browser, type Page as Tab } from 'playwright-core';
import type { Page } from './answers.js';

export interface Chromium {
  readonly version: string;
  /** Asks a page in a new browser, in which nothing has been compiled yet. */
  ask<Method extends keyof Page>(method: Method, ...about: Parameters<Page[Method]>): ReturnType<Page[Method]>;
}

export interface PageOf {
  readonly executablePath: string;
  /** The page's script, beside this folder: 'webgl/page.js'. */
  readonly script: string;
  /** Flags of the browser besides those of every test. */
  readonly flags?: readonly string[];
}

export async function openChromium({ executablePath, script, flags = [] }: PageOf): Promise<Chromium> {
  const start = () => chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS, ...flags] });
  const text = await bundle(script);
  const browser = await start();
  const version = browser.version();
  await browser.close();

  async function ask(method: string, ...about: unknown[]): Promise<unknown> {
    const browser = await start();
    try {
      const tab = await open(browser, text);
      return await tab.evaluate(([method, about]) => (globalThis as unknown as Loaded).page[method](...about), [
        method,
        about,
      ] as const);
    } finally {
      await browser.close();
    }
  }
  return { version, ask: ask as Chromium['ask'] };
}

/** Global object of the page after its script has run. */
interface Loaded {
  readonly page: Readonly<Record<string, (...about: unknown[]) => unknown>>;
}

// Nothing is listening there: requests are answered below. A secure origin has all that pages may have.
const ORIGIN = 'https://bench.localhost/';

/** Where a page finds what onnxruntime-web has built: its WebAssembly, and what loads it. */
const ORT = 'onnxruntime-web/';

async function open(browser: Browser, script: string): Promise<Tab> {
  const tab = await browser.newPage();
  await tab.route(`${ORIGIN}**`, async (route) => {
    const path = new URL(route.request().url()).pathname.slice(1);
    if (path === '') return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>bench</title>' });
    if (path === 'page.js') return route.fulfill({ contentType: 'text/javascript', body: script });
    if (!path.startsWith(ORT)) return route.abort();
    const body = await readFile(join(ORT_FILES, basename(path)));
    return route.fulfill({ contentType: path.endsWith('.wasm') ? 'application/wasm' : 'text/javascript', body });
  });
  await tab.goto(ORIGIN);
  await tab.addScriptTag({ url: `${ORIGIN}page.js`, type: 'module' });
  return tab;
}

const ORT_FILES = dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));

async function bundle(script: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../${script}`, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    // The wasm engine's threads, which no case uses, look for Node.
    external: ['node:*'],
    conditions: ['onnxruntime-web-use-extern-wasm'],
  });
  return outputFiles[0].text;
}
