import { named } from '../table.js';
import { clean } from '../text.js';
import { escapeXml } from '../xml.js';
import { hasSentinel, type CheckedOverlay } from './attention-overlay.js';
import { REGIONS, regionsOf } from './regions.js';
import { percent, type OverlayWords } from './words.js';

/** An overlay as an HTML table: how much of each word's attention looked at each of the nine regions, and at no part. */
export function renderLooks(overlay: CheckedOverlay, words: OverlayWords): string {
  const { steps, grid, language } = overlay;
  const withSentinel = hasSentinel(overlay);
  const header = (text: string): string => `<th scope="col">${escapeXml(clean(text))}</th>`;
  const names = [...REGIONS.map((region) => words.regions[region]), ...(withSentinel ? [words.noPart] : [])];
  const lang = language === undefined ? '' : ` lang="${escapeXml(language)}"`;
  const rows = steps.map((step) => {
    const shares = regionsOf(step, grid);
    const cells = REGIONS.map((region) => `<td>${escapeXml(percent(shares[region]))}</td>`);
    if (withSentinel) cells.push(`<td>${step.sentinel === undefined ? '' : escapeXml(percent(step.sentinel))}</td>`);
    return `<tr><th scope="row"${lang}>${escapeXml(named(step.word))}</th>${cells.join('')}</tr>`;
  });
  return (
    `<table><caption>${escapeXml(words.summary(overlay))}</caption>` +
    `<thead><tr>${header(words.word)}${names.map(header).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`
  );
}
