import { shortNumber } from '../text.js';
import type { MapWords } from '../words.js';
import type { HeatmapWords } from './attention-heatmap.js';

/** Words of an attention map, and of its element, in Chinese. */
export const HEATMAP_CHINESE: HeatmapWords & MapWords = {
  role: '热图',
  keys: '方向键在格子间移动，加号和减号缩放。',
  language: 'zh-Hans',
  masked: '被掩码',
  table: '表格',
  noTable: '表格太大，没有列出；要看数值，请保存为 CSV 或 JSON。',
  cell: ({ weight, masked, rowLabel, columnLabel }, { rowAxis, columnAxis }) =>
    `${columnAxis} ${columnLabel} 到 ${rowAxis} ${rowLabel}，${masked ? '被掩码遮住：不参与计算' : shortNumber(weight)}`,
  summary: ({ title, weights, rowAxis, columnAxis }) =>
    `${title === '' ? '' : `${title}：`}${weights.length} 行（${rowAxis}），${weights[0]?.length ?? 0} 列（${columnAxis}）`,
  part: ([top, bottom], [left, right]) => `第 ${top} 至 ${bottom} 行，第 ${left} 至 ${right} 列`,
};
