import { checkMaps, domainOf, type AttentionMap } from '../attention-map.js';
import { isLarge, layOutPanel } from '../panel.js';
import type { RenderOptions } from '../render-options.js';
import { ENGLISH } from '../words.js';
import { readableCell } from './fitting.js';

/** Width in which a map is easy to read, in pixels: with numbers when it has few cells, with a label for each when it has many. */
export function readableWidth(map: AttentionMap, { words = ENGLISH, ...options }: RenderOptions = {}): number {
  const checked = checkMaps(map)[0];
  const look = { domain: domainOf([checked], options), words };
  return layOutPanel(checked, look, readableCell(checked, isLarge(checked))).width;
}
