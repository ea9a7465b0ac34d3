import type { Figure } from '../figure.js';
import { draw, type Plot } from './draw.js';
import { colour, mark } from './palette.js';
import { runtimeOf, type Report } from './report.js';
import { AXIS, CHARACTER, ROW, TEXT, WIDTH, spanOf } from './style.js';

const LEGEND = { top: 0, left: 0, itemGap: 28, textStyle: TEXT, inactiveColor: colour('faint') };
/** Shapes tell series apart for who can't by colour. */
const SHAPES = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin', 'arrow'];

/** Drawings of reports: ratios with their intervals, of what has to be large and of what has to be small; times against T, for each Node. */
export function plotsOf(reports: readonly Report[]): Plot[] {
  return [
    ...ratios(reports, 'least', { name: 'ratios', title: 'How many times faster, with 95 % intervals and targets' }),
    ...ratios(reports, 'most', {
      name: 'limits',
      title: 'Times that have to stay small, by another, with 95 % intervals and targets',
    }),
    ...reports.flatMap(sweep),
  ];
}

const AROUND = 90; // px

function ratios(
  reports: readonly Report[],
  direction: Figure['direction'],
  about: Pick<Plot, 'name' | 'title'>,
): Plot[] {
  const each = reports.map((report) =>
    report.cases.flatMap(({ figures }) => figures).filter((one) => one.unit === '×' && one.direction === direction),
  );
  const names = [...new Set(each.flatMap((figures) => figures.map(({ name }) => name)))];
  if (names.length === 0) return [];
  const place = new Map(names.map((name, n) => [name, n]));
  const widest = Math.max(...names.map(({ length }) => length));
  // Builds of Heed's kernels may have targets of their own.
  const targets = each
    .flat()
    .flatMap(({ name, target }) => (target === null ? [] : [[target, place.get(name)!] as const]));
  const all = each.flat().flatMap(({ measured, interval }) => interval ?? [measured]);
  const series = reports.flatMap((report, n) => {
    const data = each[n].map(({ name, measured, interval: [low, high] = [measured, measured] }) => [
      measured,
      place.get(name),
      low,
      high,
    ]);
    const name = runtimeOf(report);
    // Nodes stand beside each other in a row.
    const shift = (n - (reports.length - 1) / 2) * 8;
    const itemStyle = { color: mark(n) };
    return [
      {
        type: 'custom',
        name,
        renderItem: spanOf(shift, mark(n)),
        data,
        encode: { x: [2, 3], y: 1 },
        itemStyle,
        silent: true,
      },
      { type: 'scatter', name, data, symbol: SHAPES[n], symbolSize: 8, symbolOffset: [0, shift], itemStyle },
    ];
  });
  const wanted = {
    type: 'scatter',
    name: 'target',
    data: targets,
    symbol: 'rect',
    symbolSize: [2, 18],
    itemStyle: { color: colour('ink') },
  };
  return [
    draw(
      { ...about, width: WIDTH, height: names.length * ROW + AROUND },
      {
        legend: { ...LEGEND, data: [...reports.map(runtimeOf), 'target'] },
        grid: { left: widest * CHARACTER, right: 24, top: 36, bottom: 36 },
        xAxis: {
          ...AXIS,
          type: 'log',
          min: nice(Math.min(1, ...all), Math.floor),
          max: nice(Math.max(1, ...all, ...targets.map(([target]) => target)), Math.ceil),
          axisLabel: { ...TEXT, formatter: '{value} ×' },
        },
        yAxis: { ...AXIS, type: 'category', inverse: true, data: names, axisLabel: { ...TEXT, interval: 0 } },
        series: [...series, wanted],
      },
    ),
  ];
}

/** The power of √10 around a value, so that few values don't take a whole power of ten. */
const nice = (value: number, round: (x: number) => number): number =>
  Number((10 ** (round(2 * Math.log10(value)) / 2)).toPrecision(2));

/** Milliseconds against T. */
function sweep(report: Report): Plot[] {
  const rows = report.cases.find(({ case: name }) => name === 'sweep')?.rows;
  if (rows === undefined || rows.length === 0) return [];
  const systems = Object.keys(rows[0]).filter((column) => column !== 'T' && !column.includes('GFLOP/s'));
  const series = systems.map((name, n) => ({
    type: 'line',
    name,
    data: rows.filter((row) => typeof row[name] === 'number').map((row) => [row['T'], row[name]]),
    symbol: SHAPES[n % SHAPES.length],
    symbolSize: 7,
    itemStyle: { color: mark(n) },
    lineStyle: { color: mark(n), width: n === 0 ? 3 : 1.5 },
  }));
  const runtime = runtimeOf(report);
  const name = `sweep-${runtime.toLowerCase().replace(' ', '-')}`;
  const title = `${runtime}: milliseconds of dot-product attention against the number of positions T, B1 H8 D64`;
  return [
    draw(
      { name, title, width: WIDTH, height: 460 },
      {
        legend: { ...LEGEND, data: systems },
        grid: { left: 72, right: 24, top: 96, bottom: 40 },
        xAxis: { ...AXIS, type: 'log', logBase: 2, name: 'T', nameLocation: 'middle', nameGap: 26, min: rows[0]['T'] },
        yAxis: { ...AXIS, type: 'log', name: 'ms', nameGap: 8 },
        series,
      },
    ),
  ];
}
