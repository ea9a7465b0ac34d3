import { named } from '../table.js';
import { clean } from '../text.js';
import { escapeXml } from '../xml.js';
import { hasSentinel, type CheckedOverlay } from './attention-overlay.js';
import { placesOf } from './regions.js';
import { nameOfPlace, percent, type OverlayWords } from './words.js';

/** An overlay as an HTML table: how much of each word's attention looked at each of the nine regions, or at each frame of a film, and at no part. */
export function renderLooks(overlay: CheckedOverlay, words: OverlayWords): string {
  const { steps, grid, language } = overlay;
  const nothing = { word: '', weights: new Float32Array(grid[0] * grid[1]) };
  const withSentinel = hasSentinel(overlay);
  const header = (text: string): string => `<th scope="col">${escapeXml(clean(text))}</th>`;
  const places = placesOf(nothing, overlay).map(({ region }) => nameOfPlace(region, words));
  const names = [...places, ...(withSentinel ? [words.noPart] : [])];
  const lang = language === undefined ? '' : ` lang="${escapeXml(language)}"`;
  const rows = steps.map((step) => {
    const cells = placesOf(step, overlay).map(({ share }) => `<td>${escapeXml(percent(share))}</td>`);
    if (withSentinel) cells.push(`<td>${step.sentinel === undefined ? '' : escapeXml(percent(step.sentinel))}</td>`);
    return `<tr><th scope="row"${lang}>${escapeXml(named(step.word))}</th>${cells.join('')}</tr>`;
  });
  return (
    `<table><caption>${escapeXml(words.summary(overlay))}</caption>` +
    `<thead><tr>${header(words.word)}${names.map(header).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`
  );
}
