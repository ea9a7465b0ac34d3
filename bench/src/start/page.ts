/// <reference lib="dom" />
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CHROMIUM_FLAGS, NO_BROWSER, findChromiumForTests } from '@heed/chromium';
import { serveFolder } from '@heed/chromium/serve';
import { chromium, type Browser } from 'playwright-core';
import { atMost } from '../figure.js';
import { rounded } from '../statistics.js';
import type { BenchCase } from '../wasm/case.js';

const PAGE = fileURLToPath(new URL('../../../apps/playground/dist', import.meta.url));
/** At most so many seconds from the first paint to the first answer. */
const TARGET = 1.5;

/** Milliseconds since the page was asked for. */
interface Course {
  readonly painted: number;
  readonly answered: number;
}

/** Case of the playground's first answer, of its g2p model on wasm, in a browser that has seen nothing of the page yet. */
export function startPage(): BenchCase {
  const title = "the playground's first answer, of g2p on wasm, after its first paint in headless Chromium";
  return {
    name: 'start-page',
    title,
    async run(_, rounds) {
      const executablePath = findChromiumForTests();
      const reason =
        executablePath === undefined
          ? NO_BROWSER
          : existsSync(PAGE)
            ? undefined
            : 'the page: pnpm playground:build builds it';
      if (reason !== undefined) return { case: 'start-page', title, standings: [], figures: [], leftOut: [reason] };
      const site = await serveFolder(PAGE, '/', true);
      const courses: Course[] = [];
      try {
        for (let round = 0; round < rounds; round++) {
          const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
          courses.push(
            await visit(browser, `${site.url}#1?view=tasks&task=g2p&on=wasm`).finally(() => browser.close()),
          );
        }
      } finally {
        await site.close();
      }
      const seconds = courses.map(({ painted, answered }) => (answered - painted) / 1000);
      const rows = courses.map(({ painted, answered }) => ({
        'first paint, ms': rounded(painted),
        'first answer, ms': rounded(answered),
      }));
      const figures = [atMost('start-page: seconds from the first paint to the first answer', TARGET, seconds, 's')];
      return { case: 'start-page', title, standings: [], figures, leftOut: [], rows };
    },
  };
}

async function visit(browser: Browser, url: string): Promise<Course> {
  const context = await browser.newContext({ serviceWorkers: 'block', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.addInitScript(noteAnswer);
  await page.goto(url);
  const course = await page.waitForFunction(() => (globalThis as { course?: Course }).course, undefined, {
    timeout: 60_000,
  });
  return (await course.jsonValue())!;
}

/** Runs in the page: notes when there is an output, and when something was painted first. */
function noteAnswer(): void {
  const look = (): void => {
    const output = document.querySelector('p[aria-label=Output]')?.textContent.trim();
    const paint = performance.getEntriesByName('first-paint')[0];
    if (output && paint) {
      Object.assign(globalThis, { course: { painted: paint.startTime, answered: performance.now() } });
      return;
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
