export { sharedDomain } from './attention-map.js';
export { sequential, type Rgb } from './color.js';
export {
  AttentionHeatmap,
  defineAttentionHeatmap,
  type CellDetail,
  type HeatmapWords,
} from './element/attention-heatmap.js';
export { readableWidth } from './element/width.js';
export type { Cell } from './element/cursor.js';
export { paintPng, type PaintOptions } from './element/paint-png.js';
