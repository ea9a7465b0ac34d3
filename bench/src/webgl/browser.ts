import { fileURLToPath } from 'node:url';
import { CHROMIUM_FLAGS } from '@heed/chromium';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import type { Page } from './page.js';

export interface Chromium {
  readonly version: string;
  /** Asks a page in a new browser, in which nothing has been compiled yet. */
  ask<Method extends keyof Page>(method: Method, ...about: Parameters<Page[Method]>): ReturnType<Page[Method]>;
}

export async function openChromium(executablePath: string): Promise<Chromium> {
  const start = () => chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
  const script = await bundle();
  const browser = await start();
  const version = browser.version();
  await browser.close();

  async function ask(method: string, ...about: unknown[]): Promise<unknown> {
    const browser = await start();
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: script });
      return await page.evaluate(([method, about]) => (globalThis as unknown as Loaded).page[method](...about), [
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

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.js', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
  });
  return outputFiles[0].text;
}
