import type { CaseResult } from '../../report.js';
import { groupsOf, largest, ulpsOf, type Column } from '../columns.js';
import { html, type Markup } from '../markup.js';
import { formatTime, formatUlps, plural } from '../numbers.js';

/** Section with all cases, folded up by group. */
export function allCases(columns: readonly Column[]): Markup {
  return html`<section>
    <h2>Every case</h2>
    ${groupsOf(columns).map(
      ([group, ids]) =>
        html`<details>
          <summary>${group} <span class="muted">${plural(ids.length, 'case')}</span></summary>
          <div class="scroll">
            <table>
              <caption>
                Status, path, worst error in ulps, and time
              </caption>
              <thead>
                <tr>
                  <th scope="col">Case</th>
                  ${columns.map(({ label }) => html`<th scope="col">${label}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${ids.map(
                  (id) =>
                    html`<tr>
                      <th scope="row"><code>${id}</code></th>
                      ${columns.map(({ results }) => cell(results.get(id)))}
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>
        </details>`,
    )}
  </section>`;
}

const MARKS: Readonly<Record<CaseResult['status'], string>> = {
  passed: '✓',
  failed: '✗ failed',
  'known failure': '! known failure',
  skipped: '– skipped',
};

function cell(result: CaseResult | undefined): Markup {
  if (result === undefined) return html`<td class="muted">not run</td>`;
  const { status, path, outputs, ms } = result;
  const ulps = outputs.length > 0 ? `${formatUlps(largest(outputs.map(ulpsOf)))}` : undefined;
  const facts = [path, ulps, formatTime(ms)].filter((fact) => fact !== undefined);
  return html`<td>
    <span class="${status === 'failed' ? 'bad' : 'good'}">${MARKS[status]}</span> ${facts.join(' · ')}
  </td>`;
}
