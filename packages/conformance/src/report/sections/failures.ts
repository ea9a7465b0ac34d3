import type { CaseResult } from '../../report.js';
import { largest, shareOf, type Column } from '../columns.js';
import { html, type Markup } from '../markup.js';
import { plural } from '../numbers.js';

/** Section with the cases that failed and the reasons, by backend; then known failures, and cases that didn't run. */
export function failures(columns: readonly Column[]): Markup {
  return html`${section(columns, 'failed', 'What failed')}
  ${section(columns, 'known failure', 'Known failures, which still fail')}
  ${section(columns, 'skipped', 'Skipped, as the capabilities rule it out')}`;
}

function section(columns: readonly Column[], status: CaseResult['status'], heading: string): Markup {
  const tables = columns.flatMap(({ label, report }) => {
    const results = report.cases.filter((result) => result.status === status);
    return results.length > 0 ? [backendTable(label, results)] : [];
  });
  if (tables.length === 0) return html``;
  return html`<section>
    <h2 class="${status === 'failed' ? 'bad' : ''}">${heading}</h2>
    ${tables}
  </section>`;
}

const MOST_OPEN = 20; // rows that are shown; the others are folded up

/** Table of a backend's failures, the worst first: other failures come before those of precision. */
function backendTable(label: string, results: readonly CaseResult[]): Markup {
  const sorted = results.toSorted((a, b) => severity(b) - severity(a));
  const rest = sorted.slice(MOST_OPEN);
  return html`${table(`${label}: ${countByGroup(results)}`, sorted.slice(0, MOST_OPEN))}
  ${
    rest.length > 0 &&
    html`<details>
      <summary>${plural(rest.length, 'more case')} of ${label}</summary>
      ${table(`${label}, continued`, rest)}
    </details>`
  }`;
}

function countByGroup(results: readonly CaseResult[]): string {
  const groups = [...new Set(results.map(({ group }) => group))];
  const counts = groups.map((group) => `${results.filter((result) => result.group === group).length} in ${group}`);
  return `${plural(results.length, 'case')} (${counts.join(', ')})`;
}

function severity({ outputs }: CaseResult): number {
  const failing = outputs.filter(({ passed }) => !passed);
  return failing.length === 0 ? Infinity : largest(failing.map(shareOf));
}

function table(caption: string, results: readonly CaseResult[]): Markup {
  return html`<div class="scroll">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">Case</th>
          <th scope="col">Path</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        ${results.map(
          ({ id, path, message }) =>
            html`<tr>
              <th scope="row"><code>${id}</code></th>
              <td>${path ?? '–'}</td>
              <td><pre>${message}</pre></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
