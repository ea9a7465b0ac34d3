import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { NO_BROWSER, findChromium } from '@heed/chromium';
import { runCommand } from '../command.js';
import { rounded } from '../statistics.js';
import { Disagreement } from '../timing.js';
import { openChromium, type Chromium } from './browser.js';
import { outcomeOf, type PageOutcome } from './outcome.js';
import { markdown } from './report.js';

/** A case as the process that opens pages knows it. */
interface PageCase {
  readonly name: string;
  readonly title: string;
  readonly target: number | null;
  readonly rounds: number;
  /** Names of the systems, Heed's first. */
  readonly systems: readonly string[];
  readonly peers?: readonly string[];
}

export interface PageBench {
  /** 'webgl', of `pnpm bench:webgl` and RESULTS-webgl.md. */
  readonly engine: string;
  readonly description: string;
  readonly cases: readonly PageCase[];
  readonly flags?: readonly string[];
}

/** Command line of a benchmark whose systems take turns in a page of headless Chromium. */
export async function benchInPage({ engine, description, cases, flags }: PageBench): Promise<void> {
  const bench = `bench:${engine}`;
  const about = { bench, version: '', renderer: '' };
  const results = fileURLToPath(new URL(`../../RESULTS-${engine}.md`, import.meta.url));
  await runCommand<PageOutcome>({
    name: bench,
    description,
    caseNames: cases.map(({ name }) => name),
    async open() {
      const executablePath = findChromium();
      if (executablePath === undefined) {
        console.error(`error: ${NO_BROWSER}`);
        process.exit(1);
      }
      const opened = await openChromium({ executablePath, script: `${engine}/page.js`, flags });
      about.version = opened.version;
      about.renderer = await opened.ask('renderer');
      return { cases: cases.map((one) => ({ ...one, run: (rounds?: number) => run(opened, one, rounds) })) };
    },
    save: (outcomes) => writeFile(results, markdown(outcomes, about)),
  });
}

async function run(chromium: Chromium, one: PageCase, rounds = one.rounds): Promise<PageOutcome> {
  const firstUseMs: Record<string, number> = {};
  for (const [n, system] of one.systems.entries()) {
    firstUseMs[system] = rounded(await chromium.ask('firstUse', one.name, n));
  }
  const standings = await chromium.ask('contest', one.name, rounds);
  if (typeof standings === 'string') throw new Disagreement(`${one.name}: ${standings}`);
  return outcomeOf(one, standings, firstUseMs);
}
