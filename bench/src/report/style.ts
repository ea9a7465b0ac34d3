import type { CustomSeriesRenderItem } from 'echarts';
import { colour } from './palette.js';

/** What plots have in common. */

export const TEXT = { color: colour('ink'), fontFamily: 'system-ui, sans-serif', fontSize: 13 };
export const AXIS = {
  nameTextStyle: TEXT,
  axisLabel: TEXT,
  axisLine: { lineStyle: { color: colour('faint') } },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: colour('line') } },
};

/** More than most characters are wide: nobody measures texts where there is no page. */
export const CHARACTER = 7.2; // px
export const WIDTH = 860; // px
/** Height of a row of a plot that has one for each name. */
export const ROW = 24; // px

/** A line from the low to the high end of an interval. */
export const spanOf =
  (shift: number, stroke: string): CustomSeriesRenderItem =>
  (_, api) => {
    const [[x1, y], [x2]] = [2, 3].map((dimension) => api.coord([api.value(dimension), api.value(1)]));
    const shape = { x1, x2, y1: y + shift, y2: y + shift };
    return { type: 'line', shape, style: { stroke, lineWidth: 2 } };
  };
