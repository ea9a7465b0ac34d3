import { checkMaps, type AttentionMaps } from './attention-map.js';
import { shortest } from './text.js';

/** `{ "format": "heed.attention-maps", "version": 1, "maps": […] }`, each map with every field of `AttentionMap`. */
export function renderJson(maps: AttentionMaps): string {
  const list = checkMaps(maps).map(({ title, rowAxis, columnAxis, rowLabels, columnLabels, weights }) => ({
    title,
    rowAxis,
    columnAxis,
    rowLabels,
    columnLabels,
    weights: weights.map((row) => Array.from(row, shortest)),
  }));
  return `${JSON.stringify({ format: 'heed.attention-maps', version: 1, maps: list })}\n`;
}
