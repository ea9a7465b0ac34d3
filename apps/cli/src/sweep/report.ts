import { words } from '../figures.js';
import { learningCurves, MARKS, parallelCoordinates } from './charts.js';
import { escaped } from './escaped.js';
import type { Plan } from './plan.js';
import { stoppedOf, type Standing } from './summary.js';
import { meanInWords, settingsInWords, stoppedInWords } from './words.js';

/** Text on paper has a contrast of at least 4.5, lines of at least 3. */
const COLOURS = {
  '--paper': ['#ffffff', '#14161a'],
  '--ink': ['#1d2127', '#e8e6e1'],
  '--faint': ['#5b636e', '#a5abb5'],
  '--line': ['#d9d6ce', '#363b44'],
  '--mark0': ['#8a2f5b', '#f08db8'],
  '--mark1': ['#1f6f8b', '#6cc5e0'],
  '--mark2': ['#5b7a1e', '#a9cf5b'],
  '--mark3': ['#9a5b00', '#f0b35a'],
  '--mark4': ['#5a4fb0', '#a9a0f5'],
} as const;

const named = (of: 0 | 1): string =>
  Object.entries(COLOURS)
    .map(([name, both]) => `${name}:${both[of]}`)
    .join(';');

const STYLE = `
:root{${named(0)};color-scheme:light dark}
@media(prefers-color-scheme:dark){:root{${named(1)}}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:60rem;margin:auto;padding:1rem}
figure{margin:1.5rem 0}figcaption{color:var(--faint)}
.wide{overflow-x:auto}.wide:focus-visible{outline:2px solid var(--mark0)}
svg{display:block;width:100%;min-width:40rem;height:auto}svg text{fill:var(--ink);font:12px system-ui,sans-serif}
table{border-collapse:collapse;font-size:.9rem}
th,td{text-align:start;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);overflow-wrap:normal}
th[scope=row]{font-weight:normal}
.mark{display:inline-block;width:.8rem;height:.2rem;margin-inline-end:.5rem;vertical-align:middle;background:var(--faint)}
${MARKS.map((name, n) => `.mark${n}{background:var(${name})}`).join('')}`;

/**
 * A sweep's results as one page that needs no other file and no script: the settings with means and 95 % intervals over seeds, the best
 * first, learning curves, and parallel coordinates. It is made of results alone, so equal results give the same page.
 */
export function reportPage(plan: Plan, found: readonly Standing[], total: number): string {
  const { task, target, version, data } = plan;
  const title = `Sweep of ${task}`;
  const finished = found.reduce((sum, { seeds }) => sum + seeds.length, 0);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p>${finished} of ${total} trainings; ${target.direction === 'minimise' ? 'the smallest' : 'the largest'} ${escaped(words(target.figure))} on validation first.
A mean over seeds has its 95 % interval by Student’s t, which takes seeds to differ normally.${stoppedText(found)} Heed ${escaped(version)}, data ${escaped(data.join(', '))}.</p>
${wide('Settings, the best first', standingsTable(plan, found))}
${figure('Learning curves: a line for each training, coloured as its settings are in the table.', learningCurves(plan, found))}
${figure('Parallel coordinates: a line for each of the settings, from what was set to what it came to.', parallelCoordinates(plan, found))}
</main>
</body>
</html>
`;
}

/** Means of trainings of which some were stopped aren't what they would have come to. */
function stoppedText(found: readonly Standing[]): string {
  const count = found.reduce((sum, { finished }) => sum + stoppedOf(finished).length, 0);
  if (count === 0) return '';
  return ` ${count === 1 ? 'One training was' : `${count} trainings were`} stopped early by the rule of the median, and ${count === 1 ? 'counts' : 'count'} with the best until then.`;
}

function standingsTable({ varied, target }: Plan, found: readonly Standing[]): string {
  const others = Object.keys(found[0]?.figures ?? {}).filter((name) => name !== target.figure);
  const areStopped = found.some(({ finished }) => stoppedOf(finished).length > 0);
  const head = ['Settings', 'Seeds', words(target.figure), ...others.map(words), ...(areStopped ? ['Stopped'] : [])];
  const rows = found.map(({ settings, seeds, target: mean, figures, finished }, rank) => {
    const cells = [
      seeds.join(', '),
      mean === undefined ? '–' : meanInWords(target.figure, mean),
      ...others.map((name) => (figures[name] === undefined ? '–' : meanInWords(name, figures[name]))),
      ...(areStopped ? [stoppedInWords(finished)] : []),
    ];
    const mark = `<span class="mark mark${rank}"></span>`;
    const name = `<th scope="row">${mark}${escaped(settingsInWords(settings, varied))}</th>`;
    return `<tr>${name}${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
  });
  return `<table><thead><tr>${head.map((one) => `<th scope="col">${escaped(one)}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`;
}

const wide = (label: string, content: string): string =>
  `<div class="wide" role="group" aria-label="${escaped(label)}" tabindex="0">${content}</div>`;

const figure = (caption: string, drawn: string): string =>
  drawn === '' ? '' : `<figure>${wide(caption, drawn)}<figcaption>${escaped(caption)}</figcaption></figure>`;
