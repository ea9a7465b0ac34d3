import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readByHand } from './by-hand.js';
import { documentOf } from './document.js';
import { alone } from './draw.js';
import { keep, keptReports } from './kept.js';
import { linesOf, ndjson } from './lines.js';
import { markdown } from './markdown.js';
import { page } from './page.js';
import { plotsOf } from './plots.js';
import type { Report } from './report.js';

/** What `pnpm bench:regressions` compares with. */
const BASELINE = 'baseline.ndjson';

/**
 * Keeps a report beside those of other Nodes, and writes what is made of all: RESULTS.md, RESULTS.html, plots and the baseline.
 *
 * @param names all cases there are, in order
 * @returns how many cases that were kept before were dropped, as they were measured elsewhere
 */
export async function save(folder: string, report: Report, names: readonly string[]): Promise<number> {
  const { dropped } = await keep(join(folder, 'results'), report, names);
  const reports = await keptReports(join(folder, 'results'));
  const blocks = documentOf(reports, await readByHand());
  const plots = plotsOf(reports);
  await mkdir(join(folder, 'plots'), { recursive: true });
  await Promise.all([
    writeFile(join(folder, 'RESULTS.md'), markdown(blocks, plots)),
    writeFile(join(folder, 'RESULTS.html'), page(blocks, plots)),
    writeFile(join(folder, BASELINE), ndjson(reports.flatMap(linesOf))),
    ...plots.map((plot) => writeFile(join(folder, 'plots', `${plot.name}.svg`), alone(plot))),
  ]);
  return dropped;
}
