import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { HeedError } from '@heed/base';
import type { Browser } from 'playwright-core';

/** A browser that is needed. */
interface Needed {
  readonly executablePath: string;
  /** The backend that runs in it, for messages. */
  readonly backend: string;
}

/**
 * Starts a browser without a window, does the work, and ends the browser. Its profile and its temporary files go with it, also
 * when this process ends or the browser crashes.
 *
 * @throws HeedError BACKEND_UNAVAILABLE when the program doesn't start as a browser
 */
export async function withBrowser<T>(needed: Needed, work: (browser: Browser) => Promise<T>): Promise<T> {
  const temporary = await mkdtemp(join(tmpdir(), 'heed-browser-'));
  const remove = (): void => rmSync(temporary, { recursive: true, force: true });
  try {
    const browser = await launch(needed, temporary);
    process.on('exit', remove); // after Playwright's own, which kills the browser
    try {
      return await work(browser);
    } finally {
      await browser.close();
    }
  } finally {
    process.off('exit', remove);
    await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function launch({ executablePath, backend }: Needed, temporary: string): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  try {
    return await chromium.launch({
      executablePath,
      args: [...FLAGS, ...(FLAGS_FOR[backend] ?? [])],
      env: { ...process.env, TMPDIR: temporary, TMP: temporary, TEMP: temporary },
      chromiumSandbox: process.getuid?.() !== 0, // which Chromium refuses to root
      timeout: LONGEST_START,
      // Signals may be for the work; see run-in-page.ts.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (cause) {
    throw new HeedError('BACKEND_UNAVAILABLE', {
      message: `${backend} runs in a browser, and ${JSON.stringify(executablePath)} didn't start as one: ${reasonOf(cause)}`,
      hint: 'name Chrome or Chromium with --browser PATH or CHROME_PATH',
      details: { path: executablePath },
      cause,
    });
  }
}

// Milliseconds. A cold start on a busy machine takes some seconds.
const LONGEST_START = 30_000;

/**
 * Without --enable-gpu, a browser without a window draws with SwiftShader even where there is a GPU; without
 * --enable-unsafe-swiftshader, not at all where there is none. The rest keeps it from calling anywhere.
 */
const FLAGS = [
  '--enable-gpu',
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * Chromium holds WebGPU back on Linux, and always where it would be computed in software. A workgroup's memory isn't cleared, for which
 * the software driver compiles an instruction for each number: kernels of Heed read nothing of it that they haven't written.
 */
const FLAGS_FOR: Readonly<Record<string, readonly string[]>> = {
  webgpu: [
    '--enable-unsafe-webgpu',
    '--enable-features=Vulkan',
    '--enable-dawn-features=allow_unsafe_apis,disable_workgroup_init',
  ],
};

/** What the program said last, or how it ended; the rest of Playwright's message is its log. */
function reasonOf(error: unknown): string {
  const text = stripVTControlCharacters(error instanceof Error ? error.message : String(error));
  if (/^.*Timeout/.test(text)) return `nothing came of it in ${LONGEST_START / 1000} s`;
  const said = [...text.matchAll(/\[err\] (.+)/g)].at(-1)?.[1];
  const ended = /process did exit: (exitCode=\S+, signal=\w+)/.exec(text)?.[1];
  return said ?? ended ?? text.split('\n')[0];
}
