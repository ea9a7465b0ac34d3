export {
  AttentionHeatmap,
  defineAttentionHeatmap,
  type CellDetail,
  type HeatmapWords,
} from './element/attention-heatmap.js';
export type { Cell } from './element/cursor.js';
