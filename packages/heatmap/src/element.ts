export { sharedDomain } from './attention-map.js';
export { sequential, type Rgb } from './color.js';
export {
  AttentionHeatmap,
  defineAttentionHeatmap,
  type CellDetail,
  type HeatmapWords,
} from './element/attention-heatmap.js';
export { HEATMAP_CHINESE } from './element/chinese.js';
export { readableWidth } from './element/width.js';
export type { Cell } from './element/cursor.js';
export { paintPixels, paintPng, type PaintOptions } from './element/paint-png.js';
export {
  AttentionOverlayElement,
  defineAttentionOverlay,
  type PictureCellDetail,
  type WordDetail,
} from './element/attention-overlay.js';
export type { AttentionOverlay, OverlayStep, Picture } from './overlay/attention-overlay.js';
export { describeLook } from './overlay/describe-look.js';
export { OVERLAY_CHINESE, OVERLAY_ENGLISH, type OverlayWords, type WordLook } from './overlay/words.js';
