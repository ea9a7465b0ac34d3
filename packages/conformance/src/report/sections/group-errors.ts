import { FLOORS } from '../../bound.js';
import { GROUPS } from '../../case.js';
import type { CaseResult } from '../../report.js';
import { groupsOf, largest, ulpsOf, type Column } from '../columns.js';
import { html, type Markup } from '../markup.js';
import { formatUlps, median } from '../numbers.js';
import { axisFor, axisLabels, strip, type Axis } from '../plot.js';

interface Lane {
  readonly label: string;
  readonly color: string;
  /** Numbers of the cases that ran; absent for the naive form. */
  readonly counts?: { readonly ran: number; readonly passed: number; readonly failed: number };
  /** Errors of all outputs and gradients, in ulps. */
  readonly points: readonly number[];
}

/** Section with the errors of the backends side by side, by group, with those of the naive form. */
export function groupErrors(columns: readonly Column[]): Markup {
  const groups = groupsOf(columns).map(([group, ids]) => ({ group, lanes: lanesOf(columns, ids) }));
  const axis = axisFor(groups.flatMap(({ lanes }) => lanes.flatMap(({ points }) => points)));
  return html`<section>
    <h2>Error by group</h2>
    <p>
      A dot is an output or a gradient of a case: its largest error against what is expected, the float64 oracle's, in
      ulps (spacings of the storage format at the output's largest number, or at 1); the tick is the worst. Naive is the
      same formula in float32 without care. Twice its error is allowed, and so is always what lies left of the dashed
      line at ${FLOORS.float32.ulps} ulps.
    </p>
    <div class="scroll">
      <table class="lanes">
        <caption>
          Cases passed and errors in ulps, by group and backend
        </caption>
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col">Backend</th>
            <th scope="col" class="number">Passed</th>
            <th scope="col" class="number">Worst</th>
            <th scope="col" class="number">Median</th>
            <td class="strip">${axisLabels(axis)}</td>
          </tr>
        </thead>
        ${groups.map(({ group, lanes }) => groupRows(group, lanes, axis))}
      </table>
    </div>
  </section>`;
}

function groupRows(group: string, lanes: readonly Lane[], axis: Axis): Markup {
  return html`<tbody>
    ${lanes.map(
      (lane, n) =>
        html`<tr>
          ${n === 0 && html`<th scope="rowgroup" rowspan="${lanes.length}">${group}${aboutOf(group)}</th>`}
          ${laneCells(lane, axis)}
        </tr>`,
    )}
  </tbody>`;
}

function laneCells({ label, color, counts, points }: Lane, axis: Axis): Markup {
  const ulps = (measure: (points: readonly number[]) => number): Markup =>
    html`<td class="number">${points.length > 0 ? formatUlps(measure(points)) : '–'}</td>`;
  return html`<th scope="row"><span class="swatch ${color}" aria-hidden="true"></span>&nbsp;${label}</th>
    <td class="number ${counts?.failed ? 'bad' : 'good'}">
      ${counts && `${counts.failed > 0 ? '✗' : '✓'} ${counts.passed}/${counts.ran}`}
    </td>
    ${ulps(largest)}${ulps(median)}
    <td class="strip">${points.length > 0 && strip(points, color, axis, FLOORS.float32.ulps)}</td>`;
}

/** Lanes of the backends that ran a group, and of the naive form when its errors are known. */
function lanesOf(columns: readonly Column[], ids: readonly string[]): readonly Lane[] {
  const lanes = columns.flatMap(({ label, results }, n): Lane[] => {
    const ran = ids.flatMap((id) => results.get(id) ?? []);
    if (ran.length === 0) return [];
    const points = ran.flatMap(({ outputs }) => outputs.map(ulpsOf));
    const having = (wanted: CaseResult['status']): number => ran.filter(({ status }) => status === wanted).length;
    const counts = { ran: ran.length, passed: having('passed'), failed: having('failed') };
    return [{ label, color: `c${n % 6}`, counts, points }];
  });
  // Any backend that ran a case has its naive error, which is the same for all.
  const naive = ids.flatMap((id) => {
    const lists = columns.map(({ results }) => results.get(id)?.outputs ?? []);
    return lists.find(({ length }) => length > 0)?.map(({ naiveUlps }) => naiveUlps) ?? [];
  });
  return naive.every((ulps) => ulps === 0) ? lanes : [...lanes, { label: 'naive', color: 'naive', points: naive }];
}

function aboutOf(group: string): Markup | false {
  return Object.hasOwn(GROUPS, group) && html`<small>${GROUPS[group as keyof typeof GROUPS]}</small>`;
}
