// Plots of docs/results.md: what the models of a table come to, with their intervals, beside the baselines.
import { AXIS, CHARACTER, ROW, TEXT, WIDTH, spanOf } from '../bench/dist/report/style.js';
import { draw } from '../bench/dist/report/draw.js';
import { colour, mark } from '../bench/dist/report/palette.js';

const AROUND = 70; // px

/**
 * @param about  { name, title, format } of the figure, 'share' or 'number'
 * @param rows   { name, mean, half, isTrained }, the best first; without a half there is one seed
 */
export function meansPlot({ name, title, format }, rows) {
  const scale = format === 'share' ? 100 : 1;
  const data = (isTrained) =>
    rows.flatMap((row, n) => {
      if (row.isTrained !== isTrained) return [];
      const half = row.half ?? 0;
      return [[scale * row.mean, n, scale * (row.mean - half), scale * (row.mean + half)]];
    });
  const series = [true, false].flatMap((isTrained, n) => {
    const itemStyle = { color: mark(n) };
    return [
      {
        type: 'custom',
        renderItem: spanOf(0, mark(n)),
        data: data(isTrained),
        encode: { x: [2, 3], y: 1 },
        itemStyle,
        silent: true,
      },
      {
        type: 'scatter',
        name: isTrained ? 'trained' : 'baseline',
        data: data(isTrained),
        symbol: isTrained ? 'circle' : 'diamond',
        symbolSize: 9,
        itemStyle,
      },
    ];
  });
  return draw(
    { name, title, width: WIDTH, height: rows.length * ROW + AROUND },
    {
      legend: {
        top: 0,
        left: 0,
        itemGap: 28,
        textStyle: TEXT,
        inactiveColor: colour('faint'),
        data: ['trained', 'baseline'],
      },
      grid: { left: Math.max(...rows.map((row) => row.name.length)) * CHARACTER, right: 24, top: 32, bottom: 32 },
      xAxis: {
        ...AXIS,
        type: 'value',
        scale: true,
        axisLabel: { ...TEXT, formatter: format === 'share' ? '{value} %' : '{value}' },
      },
      yAxis: {
        ...AXIS,
        type: 'category',
        inverse: true,
        data: rows.map((row) => row.name),
        axisLabel: { ...TEXT, interval: 0 },
      },
      series,
    },
  );
}
