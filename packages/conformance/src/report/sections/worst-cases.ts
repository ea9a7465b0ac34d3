import type { OutputResult } from '../../report.js';
import { groupsOf, largest, shareOf, ulpsOf, type Column } from '../columns.js';
import { html, type Markup } from '../markup.js';
import { formatShare, formatUlps } from '../numbers.js';

const MOST_ROWS = 30; // enough to see what the worst cases have in common

interface Row {
  readonly id: string;
  readonly output: string;
  /** Results, one for each column; undefined when the case didn't run there. */
  readonly found: readonly (OutputResult | undefined)[];
  readonly share: number;
}

/** Section with the outputs whose errors are nearest to the allowed ones, or greater. */
export function worstCases(columns: readonly Column[]): Markup {
  const rows = groupsOf(columns)
    .flatMap(([, ids]) => ids.flatMap((id) => rowsOf(columns, id)))
    .filter(({ share }) => share > 0)
    .toSorted((a, b) => b.share - a.share)
    .slice(0, MOST_ROWS);
  if (rows.length === 0) return html``;
  return html`<section>
    <h2>Worst cases first</h2>
    <p>Ordered by the error's share of what is allowed; above 100 % a case fails.</p>
    <div class="scroll">
      <table>
        <caption>
          The ${rows.length} outputs nearest to the bound
        </caption>
        <thead>
          <tr>
            <th scope="col" rowspan="2">Case</th>
            <th scope="col" rowspan="2">Output</th>
            <th scope="colgroup" colspan="${columns.length}">Error in ulps, and its share of what is allowed</th>
            <th scope="col" rowspan="2" class="number">naive</th>
            <th scope="col" rowspan="2" class="number">allowed</th>
          </tr>
          <tr>
            ${columns.map(({ label }) => html`<th scope="col">${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(row)}
        </tbody>
      </table>
    </div>
  </section>`;
}

function rowsOf(columns: readonly Column[], id: string): readonly Row[] {
  const outputs = columns.map(({ results }) => results.get(id)?.outputs ?? []);
  const names = new Set(outputs.flatMap((list) => list.map(({ name }) => name)));
  return [...names].map((output) => {
    const found = outputs.map((list) => list.find(({ name }) => name === output));
    const share = largest(found.map((one) => (one ? shareOf(one) : 0)));
    return { id, output, found, share };
  });
}

function row({ id, output, found }: Row): Markup {
  const { naiveUlps, boundUlps } = found.find((one) => one !== undefined)!;
  return html`<tr>
    <th scope="row"><code>${id}</code></th>
    <td>${output}</td>
    ${found.map((one, n) => html`<td>${one ? measure(one, n) : '–'}</td>`)}
    <td class="number">${formatUlps(naiveUlps)}</td>
    <td class="number">${formatUlps(boundUlps)}</td>
  </tr>`;
}

const BAR = 72; // px

function measure(output: OutputResult, n: number): Markup {
  const share = shareOf(output);
  const width = (BAR * Math.min(share, 1)).toFixed(1);
  const color = output.passed ? `c${n % 6}` : 'failing';
  return html`<span class="measure ${output.passed ? '' : 'bad'}">
    <svg width="${BAR}" height="8" aria-hidden="true">
      <rect class="track" width="${BAR}" height="8" />
      <rect class="${color}" width="${width}" height="8" />
    </svg>
    <span class="ulps">${formatUlps(ulpsOf(output))}</span> <small>${formatShare(share)}</small>
  </span>`;
}
