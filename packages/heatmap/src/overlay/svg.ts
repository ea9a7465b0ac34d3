import { checkOptions, type OptionNames } from '@heed/base';
import { hex, THEMES, type Theme } from '../color.js';
import { drawLegend, legendWidth } from '../legend.js';
import { ADVANCE, FONT, textWidth } from '../measure.js';
import { svgStyle } from '../svg.js';
import { clean, truncate } from '../text.js';
import { escapeXml } from '../xml.js';
import { checkOverlays, type AttentionOverlays, type CheckedOverlay, type OverlayStep } from './attention-overlay.js';
import { describeLook } from './describe-look.js';
import { mapLayer, pictureLayer, type Layer } from './layers.js';
import { layOutOverlay, MARGIN, sideOf, type OverlayLayout } from './layout.js';
import { OVERLAY_OPTIONS, overlayLook, scaleLook, type OverlayLook, type OverlayOptions } from './scale.js';
import type { Size } from './field.js';
import { percent } from './words.js';

export interface OverlaySvgOptions extends OverlayOptions {
  /** Theme; 'auto' (the default) is that of the reader's system. */
  readonly theme?: Theme | 'auto';
}

const OPTIONS: OptionNames<OverlaySvgOptions> = { ...OVERLAY_OPTIONS, theme: true };

const LONGEST_TITLE = 100;
const BAR_HEIGHT = 8;
// The picture is kept sharp for screens of two dots a pixel.
const DENSITY = 2;

/** Overlays as a standalone SVG document, with the pictures in it: the picture, and the picture with the map of each word. */
export function renderOverlaySvg(overlays: AttentionOverlays, given: OverlaySvgOptions = {}): string {
  checkOptions('renderOverlaySvg', given, OPTIONS);
  const { theme = 'auto', ...options } = given;
  const checked = checkOverlays(overlays);
  const look = overlayLook(checked, options);
  let top = 0;
  const drawn = checked.map((overlay) => {
    const layout = layOutOverlay(overlay, FONT, Math.max(legendWidth(scaleLook(look), false), titleWidth(overlay)));
    const content = `<g transform="translate(0 ${top})">${drawOverlay(overlay, look, layout)}</g>`;
    top += layout.height;
    return { content, width: layout.width };
  });
  const width = Math.max(...drawn.map((one) => one.width));
  const label = checked.flatMap((overlay) => [look.words.summary(overlay)].concat(sentences(overlay, look))).join('; ');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top}" width="${width}" height="${top}" ` +
    `role="img" aria-label="${escapeXml(label.slice(0, LONGEST_LABEL))}" class="heed-map">${svgStyle(theme, barStyle)}` +
    `<rect class="heed-background" width="${width}" height="${top}"/>${drawn.map(({ content }) => content).join('')}</svg>\n`
  );
}

const LONGEST_LABEL = 2000;

const sentences = ({ steps, grid, frames }: CheckedOverlay, { words }: OverlayLook): string[] =>
  steps.map((step) => describeLook(step, grid, words, frames));

const titleOf = ({ title }: CheckedOverlay): string => truncate(clean(title), LONGEST_TITLE);

const titleWidth = (overlay: CheckedOverlay): number => textWidth(titleOf(overlay)) * 1.1;

const barStyle = (theme: Theme): string =>
  `.heed-map .heed-bar{fill:${hex(THEMES[theme].text)}}.heed-map .heed-track{fill:${hex(THEMES[theme].faint)};opacity:.35}`;

function drawOverlay(overlay: CheckedOverlay, look: OverlayLook, layout: OverlayLayout): string {
  const { steps, grid, frames, language } = overlay;
  const side = sideOf(overlay);
  const { panels, picture: size, wordTop, legendTop } = layout;
  const picture = pictureLayer(overlay.picture, side * DENSITY);
  const lang = language === undefined ? '' : ` lang="${escapeXml(language)}"`;
  const word = (text: string, attributes: string): string =>
    `<text${attributes} y="${wordTop + FONT - 2}">${escapeXml(truncate(clean(text), fitting(layout)))}</text>`;
  const title = titleOf(overlay);
  const parts = [`<defs>${definePicture(picture, size)}</defs>`];
  if (title !== '')
    parts.push(`<text class="heed-title" x="${MARGIN}" y="${MARGIN + FONT - 2}"${lang}>${escapeXml(title)}</text>`);
  for (const [n, { left, top }] of panels.entries()) {
    const step = steps[n - 1];
    const content =
      step === undefined
        ? `${drawLook(picture, undefined, size)}${word(look.words.picture, ' class="heed-axis"')}`
        : `<g><title>${escapeXml(describeLook(step, grid, look.words, frames))}</title>` +
          `${drawLook(picture, mapLayer(step, overlay, look, side), size)}</g>` +
          `${word(step.word, lang)}${sentinelBar(step, look, layout)}`;
    parts.push(`<g transform="translate(${left} ${top})">${content}</g>`);
  }
  if (steps.length > 0) parts.push(drawLegend(scaleLook(look), MARGIN, legendTop, false));
  return parts.join('');
}

/** Characters that fit in a panel. */
const fitting = ({ panelWidth }: OverlayLayout): number => Math.floor(panelWidth / (FONT * ADVANCE));

/** Definition of a picture that `drawLook` draws by its name, once for all words. */
export const definePicture = (picture: Layer & { readonly id: string }, size: Size): string =>
  image(picture, size, ` id="${picture.id}"`);

/** The picture, and the map of a word over it. */
export const drawLook = ({ id }: { readonly id: string }, map: Layer | undefined, size: Size): string =>
  `<use href="#${id}"/>${map === undefined ? '' : image(map, size)}`;

const image = ({ url, sharp }: Layer, { width, height }: Size, more = ''): string =>
  `<image${more} width="${width}" height="${height}" preserveAspectRatio="none"` +
  `${sharp ? ' style="image-rendering:pixelated"' : ''} href="${url}"/>`;

/** Share that looked at no part of the picture, as a bar with its number. */
function sentinelBar(
  { sentinel }: OverlayStep,
  { words }: OverlayLook,
  { panelWidth, sentinelTop }: OverlayLayout,
): string {
  if (sentinel === undefined) return '';
  const text = `${percent(sentinel)} ${clean(words.noPart)}`;
  const length = Math.max(0, Math.floor(panelWidth - textWidth(text) - 8));
  const y = sentinelTop + (FONT - BAR_HEIGHT) / 2;
  const bar = (kind: string, width: number): string =>
    `<rect class="heed-${kind}" y="${y}" width="${width}" height="${BAR_HEIGHT}"/>`;
  const full = Math.round(Math.min(1, sentinel) * length);
  return `${bar('track', length)}${bar('bar', full)}<text x="${panelWidth}" y="${sentinelTop + FONT - 2}" text-anchor="end">${escapeXml(text)}</text>`;
}
