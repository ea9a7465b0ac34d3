import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { NO_BROWSER, findChromium } from '@heed/chromium';
import { runCommand } from './command.js';
import { rounded } from './statistics.js';
import { Disagreement } from './timing.js';
import { openChromium, type Chromium } from './webgl/browser.js';
import { CASES, type WebglCase } from './webgl/cases.js';
import { outcomeOf, type WebglOutcome } from './webgl/outcome.js';
import { markdown } from './webgl/report.js';
import { SYSTEMS } from './webgl/systems.js';

const RESULTS = fileURLToPath(new URL('../RESULTS-webgl.md', import.meta.url));

async function run(chromium: Chromium, one: WebglCase, rounds = one.rounds): Promise<WebglOutcome> {
  const firstUseMs: Record<string, number> = {};
  for (const [n, system] of SYSTEMS.entries()) {
    firstUseMs[system] = rounded(await chromium.ask('firstUse', one.name, n));
  }
  const standings = await chromium.ask('contest', one.name, rounds);
  if (typeof standings === 'string') throw new Disagreement(`${one.name}: ${standings}`);
  return outcomeOf(one, standings, firstUseMs);
}

const chromium = { version: '', renderer: '' };

await runCommand<WebglOutcome>({
  name: 'bench:webgl',
  description:
    '@heed/backend-webgl against TensorFlow.js, side by side in a page of headless Chromium under SwiftShader',
  caseNames: CASES.map(({ name }) => name),
  async open() {
    const executablePath = findChromium();
    if (executablePath === undefined) {
      console.error(`error: ${NO_BROWSER}`);
      process.exit(1);
    }
    const opened = await openChromium(executablePath);
    chromium.version = opened.version;
    chromium.renderer = await opened.ask('renderer');
    return {
      cases: CASES.map((one) => ({
        name: one.name,
        title: one.title,
        run: (rounds) => run(opened, one, rounds),
      })),
    };
  },
  save: (outcomes) => writeFile(RESULTS, markdown(outcomes, chromium)),
});
