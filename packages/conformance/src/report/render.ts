import { HeedError } from '@heed/core';
import type { ConformanceReport } from '../report.js';
import { columnsOf, type Column } from './columns.js';
import { Markup, html } from './markup.js';
import { plural } from './numbers.js';
import { allCases } from './sections/all-cases.js';
import { failures } from './sections/failures.js';
import { groupErrors } from './sections/group-errors.js';
import { overview } from './sections/overview.js';
import { paths } from './sections/paths.js';
import { worstCases } from './sections/worst-cases.js';
import { STYLE } from './style.js';

/**
 * Reports as one HTML page that needs no other file: no scripts and no requests (its policy forbids both), light or dark as the
 * reader's system is. It shows what ran, what failed, the errors of the backends side by side, the worst cases first, and what was
 * fused. Everything in a report is escaped, so a report that `parseReport` has read may be untrusted.
 *
 * @param reports at least one: of different backends, or of one backend at different times
 * @throws HeedError INVALID_ARGUMENT when there is none
 */
export function renderReport(reports: readonly ConformanceReport[]): string {
  if (reports.length === 0) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: 'renderReport: there are no reports',
      hint: 'pass what runConformance returned',
    });
  }
  const columns = columnsOf(reports);
  const title = `Conformance: ${columns.map(({ label }) => label).join(', ')}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p class="lead">${lead(columns)}</p>
          ${overview(columns)} ${failures(columns)} ${groupErrors(columns)} ${worstCases(columns)} ${paths(columns)}
          ${allCases(columns)}
        </main>
      </body>
    </html> `.text;
}

function lead(columns: readonly Column[]): string {
  const cases = new Set(columns.flatMap(({ results }) => [...results.keys()])).size;
  const failed = columns.reduce((sum, { report }) => sum + report.totals.failed, 0);
  const ran = `${plural(cases, 'case')} in ${plural(columns.length, 'report')}`;
  return failed === 0 ? `${ran}: none failed.` : `${ran}: ${plural(failed, 'failure')}.`;
}
