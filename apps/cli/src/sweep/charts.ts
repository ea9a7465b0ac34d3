import { scaleLinear, scaleLog, scalePoint } from 'd3-scale';
import { line } from 'd3-shape';
import { shareOrNumber, words } from '../figures.js';
import { escaped } from './escaped.js';
import type { Plan } from './plan.js';
import { figureOf } from './store.js';
import type { Standing } from './summary.js';

const WIDTH = 900;
const HEIGHT = 380;
const MARGIN = { top: 24, right: 24, bottom: 44, left: 64 };
/** Colours of the settings that stand first; the rest are grey. */
export const MARKS = ['--mark0', '--mark1', '--mark2', '--mark3', '--mark4'] as const;
const colourOf = (rank: number): string => `var(${MARKS[rank] ?? '--faint'})`;

/** Figure of each evaluation by its step, a line for each training, coloured by the place of its settings. */
export function learningCurves({ target }: Plan, found: readonly Standing[]): string {
  const lines = found.flatMap(({ finished }, rank) =>
    finished.map(({ job, result }) => ({
      rank,
      name: `${rank + 1}, seed ${job.seed}`,
      points: result.evaluations.flatMap((one): [number, number][] => {
        const value = figureOf(one, target.figure);
        return value === undefined ? [] : [[one.step, value]];
      }),
    })),
  );
  const all = lines.flatMap(({ points }) => points);
  if (all.length === 0) return '';
  const x = scaleLinear([0, Math.max(...all.map(([step]) => step))], [MARGIN.left, WIDTH - MARGIN.right]).nice();
  const y = scaleLinear(extent(all.map(([, value]) => value)), [HEIGHT - MARGIN.bottom, MARGIN.top]).nice();
  const path = line<[number, number]>(
    ([step]) => x(step),
    ([, value]) => y(value),
  );
  const write = shareOrNumber(target.figure);
  const drawn = lines.toReversed().map(({ rank, name, points }) => {
    const marks =
      points.length === 1
        ? `<circle cx="${x(points[0]![0])}" cy="${y(points[0]![1])}" r="3" fill="${colourOf(rank)}"/>`
        : '';
    return `<g><title>${escaped(name)}</title><path d="${path(points)}" fill="none" stroke="${colourOf(rank)}" stroke-width="1.5"/>${marks}</g>`;
  });
  const axes = [
    ...x.ticks(6).map((tick) => text(x(tick), HEIGHT - MARGIN.bottom + 20, tick.toLocaleString('en'), 'middle')),
    ...y
      .ticks(6)
      .flatMap((tick) => [
        `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(tick)}" y2="${y(tick)}" stroke="var(--line)"/>`,
        text(MARGIN.left - 8, y(tick) + 4, write(tick), 'end'),
      ]),
    text((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 6, 'step', 'middle'),
  ];
  return svg(`${words(target.figure)} by step`, [...axes, ...drawn]);
}

/** Settings as lines across one axis for each setting that differs, and one for the figure: what goes with what. */
export function parallelCoordinates({ varied, target }: Plan, found: readonly Standing[]): string {
  const placed = found.filter(({ target: mean }) => mean !== undefined);
  if (placed.length === 0 || varied.length === 0) return '';
  const columns = scalePoint([...varied, target.figure], [MARGIN.left + 20, WIDTH - MARGIN.right - 60]);
  const scales = varied.map((name) => axisOf(placed.map(({ settings }) => settings[name])));
  const y = scaleLinear(extent(placed.map((one) => one.target!.mean)), [
    HEIGHT - MARGIN.bottom,
    MARGIN.top + 16,
  ]).nice();
  const path = line();
  const drawn = [...placed.entries()].toReversed().map(([rank, { settings, target: mean }]) => {
    const points = varied.map((name, n): [number, number] => [columns(name)!, scales[n]!.at(settings[name])]);
    points.push([columns(target.figure)!, y(mean!.mean)]);
    return `<path d="${path(points)}" fill="none" stroke="${colourOf(rank)}" stroke-width="${rank < MARKS.length ? 2 : 1}"/>`;
  });
  const write = shareOrNumber(target.figure);
  const axis = (name: string, ticks: readonly (readonly [number, string])[]): string[] => [
    `<line x1="${columns(name)!}" x2="${columns(name)!}" y1="${MARGIN.top + 16}" y2="${HEIGHT - MARGIN.bottom}" stroke="var(--faint)"/>`,
    text(columns(name)!, MARGIN.top, words(name), 'middle'),
    ...ticks.map(([at, label]) =>
      name === target.figure
        ? text(columns(name)! + 6, at + 4, label, 'start')
        : text(columns(name)! - 6, at + 4, label, 'end'),
    ),
  ];
  const axes = [
    ...varied.flatMap((name, n) => axis(name, scales[n]!.ticks)),
    ...axis(
      target.figure,
      y.ticks(5).map((tick) => [y(tick), write(tick)] as const),
    ),
  ];
  return svg(`settings and their ${words(target.figure)}`, [...drawn, ...axes]);
}

interface Axis {
  readonly at: (value: unknown) => number;
  readonly ticks: readonly (readonly [number, string])[];
}

/** Numbers have their place by size, or by logarithm where they span more than a factor of ten; names one after another. */
function axisOf(values: readonly unknown[]): Axis {
  const range: [number, number] = [HEIGHT - MARGIN.bottom, MARGIN.top + 16];
  if (values.every((value) => typeof value === 'number')) {
    const [low, high] = extent(values);
    const scale = low > 0 && high / low > 10 ? scaleLog([low, high], range) : scaleLinear([low, high], range);
    const distinct = [...new Set(values)];
    const ticks = distinct.length <= 6 ? distinct : scale.ticks(5);
    return { at: (value) => scale(value as number), ticks: ticks.map((tick) => [scale(tick), String(tick)]) };
  }
  const named = (value: unknown): string => (value === undefined ? '–' : String(value));
  const names = [...new Set(values.map(named))];
  const scale = scalePoint(names, range).padding(0.5);
  return { at: (value) => scale(named(value))!, ticks: names.map((name) => [scale(name)!, name]) };
}

function extent(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? [low - 1, high + 1] : [low, high];
}

const text = (x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end'): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${escaped(content)}</text>`;

const svg = (title: string, parts: readonly string[]): string =>
  `<svg role="img" aria-label="${escaped(title)}" viewBox="0 0 ${WIDTH} ${HEIGHT}"><title>${escaped(title)}</title>${parts.join('')}</svg>`;
