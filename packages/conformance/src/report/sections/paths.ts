import type { ConformanceReport } from '../../report.js';
import type { Column } from '../columns.js';
import { html, type Markup } from '../markup.js';
import { plural } from '../numbers.js';

interface PathCount {
  readonly path: 'fused' | 'composed' | 'empty' | 'none';
  readonly count: number;
}

const ABOUT: Readonly<Record<PathCount['path'], string>> = {
  fused: 'fused',
  composed: 'composed',
  empty: 'empty',
  none: 'no op',
};

export function pathCounts({ cases }: ConformanceReport): readonly PathCount[] {
  return (Object.keys(ABOUT) as PathCount['path'][]).map((path) => ({
    path,
    count: cases.filter((result) => (result.path ?? 'none') === path).length,
  }));
}

const WIDTH = 100; // %

/** Bar whose sections are the shares of the paths that computed the cases, with its key below. */
export function shareBar(counts: readonly PathCount[]): Markup {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const present = counts.filter(({ count }) => count > 0);
  let x = 0;
  const bars = present.map(({ path, count }) => {
    const width = (WIDTH * count) / total;
    const bar = html`<rect class="path-${path}" x="${x.toFixed(2)}%" width="${width.toFixed(2)}%" height="8" />`;
    x += width;
    return bar;
  });
  const keys = present.map(
    ({ path, count }) =>
      html`<li><span class="swatch path-${path}" aria-hidden="true"></span>${count} ${ABOUT[path]}</li>`,
  );
  return html`<svg class="share" width="100%" height="8" aria-hidden="true">${bars}</svg>
    <ul class="key">
      ${keys}
    </ul>`;
}

/** Section with the reasons why cases weren't fused, the most frequent first. */
export function paths(columns: readonly Column[]): Markup {
  const tables = columns.map((column) => reasonsTable(column));
  return html`<section>
    <h2>Fused or composed</h2>
    <p>
      A request that the backend declines runs composed of the engine's own ops: slower, and equal. Cases without keys
      or queries need no kernel; ${'“no op”'} are cases that look at something else.
    </p>
    ${tables}
  </section>`;
}

function reasonsTable({ label, report }: Column): Markup {
  const counts = new Map<string, { path: string; count: number; example: string }>();
  for (const { path, reasons, id } of report.cases) {
    if (path === undefined || path === 'fused') continue;
    const key = `${path}: ${(reasons ?? []).join('; ')}`;
    const entry = counts.get(key) ?? { path, count: 0, example: id };
    counts.set(key, { ...entry, count: entry.count + 1 });
  }
  const rows = [...counts].toSorted(([, a], [, b]) => b.count - a.count);
  if (rows.length === 0) return html`<p><strong>${label}</strong>: every op was fused.</p>`;
  return html`<div class="scroll">
    <table>
      <caption>
        ${label}: ${plural(rows.length, 'reason')} not to fuse
      </caption>
      <thead>
        <tr>
          <th scope="col">Path and reason</th>
          <th scope="col" class="number">Cases</th>
          <th scope="col">For example</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([reason, { count, example }]) =>
            html`<tr>
              <th scope="row">${reason}</th>
              <td class="number">${count}</td>
              <td><code>${example}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
