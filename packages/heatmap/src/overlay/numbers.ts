import { checkOptions } from '@heed/base';
import { DOMAIN_OPTIONS, type AttentionMap, type DomainOptions } from '../attention-map.js';
import { renderCsv } from '../csv.js';
import { dataUrl } from '../data-url.js';
import { encodePicture } from '../pixels.js';
import { shortest } from '../text.js';
import { checkOverlays, hasSentinel, type AttentionOverlays, type CheckedOverlay } from './attention-overlay.js';
import { domainOfAll, type OverlayOptions } from './scale.js';
import { OVERLAY_ENGLISH } from './words.js';

/**
 * Overlays as CSV (RFC 4180), as maps are: a line for each word, a column for each cell, named by its row and column from 1, and the last
 * one for the share that looked at no part of the picture, where there is one.
 */
export function renderOverlayCsv(
  overlays: AttentionOverlays,
  { words = OVERLAY_ENGLISH }: Pick<OverlayOptions, 'words'> = {},
): string {
  return renderCsv(checkOverlays(overlays).map((overlay) => mapOf(overlay, words.noPart)));
}

/** An overlay as a map of words to cells. */
function mapOf(overlay: CheckedOverlay, noPart: string): AttentionMap {
  const {
    title,
    steps,
    grid: [rows, columns],
  } = overlay;
  const withSentinel = hasSentinel(overlay);
  const cells = Array.from({ length: rows * columns }, (_, n) => `${Math.floor(n / columns) + 1}·${(n % columns) + 1}`);
  return {
    title,
    rowLabels: steps.map(({ word }) => word),
    columnLabels: withSentinel ? [...cells, noPart] : cells,
    weights: steps.map(({ weights, sentinel = 0 }) => Array.from(weights).concat(withSentinel ? sentinel : [])),
    masked: steps.map(({ sentinel }) => cells.map(() => false).concat(withSentinel ? sentinel === undefined : [])),
  };
}

/**
 * Overlays as JSON: `{ "format": "heed.attention-overlays", "version": 1, "domain": [low, high], "overlays": […] }`. Each overlay has the
 * fields of `AttentionOverlay`; the picture's pixels are a PNG file in a data URL.
 */
export function renderOverlayJson(overlays: AttentionOverlays, options: DomainOptions = {}): string {
  checkOptions('renderOverlayJson', options, DOMAIN_OPTIONS);
  const checked = checkOverlays(overlays);
  const list = checked.map(({ title, language, picture, grid, frames, steps }) => ({
    title,
    language,
    picture: { width: picture.width, height: picture.height, png: dataUrl(encodePicture(picture)) },
    grid,
    frames: frames === 1 ? undefined : frames,
    steps: steps.map(({ word, weights, sentinel }) => ({
      word,
      weights: Array.from(weights, shortest),
      sentinel: sentinel === undefined ? undefined : shortest(sentinel),
    })),
  }));
  const domain = domainOfAll(checked, options).map(shortest);
  return `${JSON.stringify({ format: 'heed.attention-overlays', version: 1, domain, overlays: list })}\n`;
}
