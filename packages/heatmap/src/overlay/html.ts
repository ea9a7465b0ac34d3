import { checkOptions, type OptionNames } from '@heed/base';
import { hex, THEMES, type Theme } from '../color.js';
import { page } from '../html-page.js';
import { FONT } from '../measure.js';
import { drawLegend, legendWidth } from '../legend.js';
import { clean } from '../text.js';
import { escapeXml } from '../xml.js';
import { checkOverlays, type AttentionOverlays, type CheckedOverlay, type OverlayStep } from './attention-overlay.js';
import { describeLook } from './describe-look.js';
import type { Size } from './field.js';
import { mapLayer, pictureLayer } from './layers.js';
import { sideOf } from './layout.js';
import { sizeWithin } from './picture.js';
import { OVERLAY_OPTIONS, overlayLook, scaleLook, type OverlayLook, type OverlayOptions } from './scale.js';
import { definePicture, drawLook } from './svg.js';
import { renderLooks } from './table.js';
import { percent } from './words.js';

export interface OverlayHtmlOptions extends OverlayOptions {
  /** Title of the document. Default: the title of the overlay if there is one, else what it shows. */
  readonly title?: string;
}

const OPTIONS: OptionNames<OverlayHtmlOptions> = { ...OVERLAY_OPTIONS, title: true };

const DENSITY = 2;

/**
 * Overlays as a page that needs no other file: no scripts, no requests (its policy forbids both). Each word has its picture, which is
 * described in a sentence, and its sentinel; the numbers are a table. Light or dark as the reader's system is.
 */
export function renderOverlayHtml(overlays: AttentionOverlays, given: OverlayHtmlOptions = {}): string {
  checkOptions('renderOverlayHtml', given, OPTIONS);
  const { title, ...options } = given;
  const checked = checkOverlays(overlays);
  const look = overlayLook(checked, options);
  const only = checked.length === 1 ? checked[0].title : '';
  const heading = title ?? (only === '' ? look.words.summary({ ...checked[0], title: '' }) : only);
  const sections = checked.map((overlay) => section(overlay, look, checked.length > 1));
  return page({ heading, language: look.words.language, style: STYLE, sections });
}

function section(overlay: CheckedOverlay, look: OverlayLook, titled: boolean): string {
  const { steps, title, language } = overlay;
  const { words } = look;
  const side = sideOf(overlay);
  const size = sizeWithin(overlay.picture, side);
  const picture = pictureLayer(overlay.picture, side * DENSITY);
  const lang = language === undefined ? '' : ` lang="${escapeXml(language)}"`;
  const heading = !titled || title === '' ? '' : `<h2${lang}>${escapeXml(clean(title))}</h2>\n`;
  const alone = figure(
    svg(size, words.picture, drawLook(picture, undefined, size)),
    `<span>${escapeXml(words.picture)}</span>`,
  );
  const looks = steps.map((step) => {
    const drawn = drawLook(picture, mapLayer(step, overlay, look, side), size);
    const caption = `<b${lang}>${escapeXml(clean(step.word))}</b>${sentinelBar(step, look)}`;
    return figure(svg(size, describeLook(step, overlay.grid, words, overlay.frames), drawn), caption);
  });
  return `<section>
${heading}<svg class="defined" width="0" height="0" aria-hidden="true"><defs>${definePicture(picture, size)}</defs></svg>
<ol>${[alone, ...looks].join('\n')}</ol>
${steps.length === 0 ? '' : legend(look)}
<details><summary>${escapeXml(words.table)}</summary><div class="scroll" tabindex="0" role="group" aria-label="${escapeXml(words.table)}">${renderLooks(overlay, words)}</div></details>
</section>`;
}

const figure = (drawn: string, caption: string): string =>
  `<li><figure>${drawn}<figcaption>${caption}</figcaption></figure></li>`;

const svg = ({ width, height }: Size, label: string, content: string): string =>
  `<svg class="look" role="img" aria-label="${escapeXml(label)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">` +
  `<title>${escapeXml(label)}</title>${content}</svg>`;

/** Share that looked at no part of the picture, as a bar with its number. */
function sentinelBar({ sentinel }: OverlayStep, { words }: OverlayLook): string {
  if (sentinel === undefined) return '';
  const share = `<span class="track" aria-hidden="true"><span style="width:${Math.min(100, 100 * sentinel).toFixed(1)}%"></span></span>`;
  return `<span class="sentinel">${share} ${escapeXml(`${percent(sentinel)} ${clean(words.noPart)}`)}</span>`;
}

function legend(look: OverlayLook): string {
  const scale = scaleLook(look);
  const width = Math.ceil(legendWidth(scale, false));
  return `<svg class="legend" aria-hidden="true" width="${width}" height="${FONT}">${drawLegend(scale, 0, 0, false)}</svg>`;
}

const bars = (theme: Theme): string =>
  `.track span{background:${hex(THEMES[theme].text)}}.legend text{fill:${hex(THEMES[theme].text)}}`;

const STYLE = `
ol{display:flex;flex-wrap:wrap;gap:1rem;list-style:none;padding:0}
figure{margin:0;max-width:100%}
figcaption{display:flex;flex-wrap:wrap;align-items:baseline;justify-content:space-between;gap:0 .75rem;max-width:16rem;overflow-wrap:anywhere}
.look{display:block;max-width:100%;height:auto}
.defined{position:absolute}
.legend text{font:${FONT}px ui-monospace,monospace}
.sentinel{display:flex;flex:1;align-items:center;gap:.5rem;justify-content:flex-end;white-space:nowrap;font-size:.85rem}
.track{flex:1;max-width:8rem;height:.5rem;border:1px solid;border-radius:2px;overflow:hidden}
.track span{display:block;height:100%}
.scroll:focus-visible{outline:2px solid #2563eb}
${bars('light')}
@media(prefers-color-scheme:dark){${bars('dark')}}
@media(forced-colors:active){.track span{background:CanvasText}}
`;
