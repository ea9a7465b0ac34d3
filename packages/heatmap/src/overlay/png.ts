import { checkOptions, type OptionNames } from '@heed/base';
import { missing } from '../bitmap-font.js';
import { THEMES, type Theme } from '../color.js';
import { createPixels, encodePixels, fill, type Pixels } from '../pixels.js';
import { drawLegend, legendWidth } from '../png-legend.js';
import { checkSize } from '../png-size.js';
import { LINE, measure, writer, written, type Write } from '../png-text.js';
import { clean } from '../text.js';
import { checkOverlays, type AttentionOverlays, type CheckedOverlay, type OverlayStep } from './attention-overlay.js';
import { fieldOf } from './field.js';
import { layOutOverlay, MARGIN, type OverlayLayout } from './layout.js';
import { resized } from './picture.js';
import {
  domainOfStep,
  OVERLAY_OPTIONS,
  overlayLook,
  scaleLook,
  type OverlayLook,
  type OverlayOptions,
} from './scale.js';
import { shaded } from './shade.js';
import { OVERLAY_ENGLISH, percent } from './words.js';

export interface OverlayPngOptions extends OverlayOptions {
  /** Theme of the picture. Default 'light'. */
  readonly theme?: Theme;
}

const OPTIONS: OptionNames<OverlayPngOptions> = { ...OVERLAY_OPTIONS, theme: true };

const LONGEST_TITLE = 60;
const BAR_HEIGHT = 8;
const BAR_GAP = 8;

/**
 * Overlays as a PNG picture, drawn as in SVG, with the font of `renderPng`: `missingInOverlayPng` lists what that lacks.
 *
 * @throws HeedError INVALID_ARGUMENT when the picture would have more than 64 million pixels
 */
export function renderOverlayPng(overlays: AttentionOverlays, given: OverlayPngOptions = {}): Uint8Array {
  checkOptions('renderOverlayPng', given, OPTIONS);
  const { theme = 'light', ...options } = given;
  const checked = checkOverlays(overlays);
  const look = overlayLook(checked, options);
  const layouts = checked.map((overlay) =>
    layOutOverlay(
      overlay,
      LINE,
      Math.max(legendWidth(scaleLook(look), false), measure(written(overlay.title, LONGEST_TITLE))),
    ),
  );
  const width = Math.max(...layouts.map((layout) => layout.width));
  const height = layouts.reduce((sum, layout) => sum + layout.height, 0);
  checkSize(width, height, 'words or overlays');
  const pixels = createPixels(width, height, THEMES[theme].background);
  let top = 0;
  for (const [n, overlay] of checked.entries()) {
    draw(pixels, overlay, { layout: layouts[n], top, look, theme });
    top += layouts[n].height;
  }
  return encodePixels(pixels);
}

/** Characters, each once, that the font of `renderOverlayPng` lacks, so that it writes them as code points. */
export function missingInOverlayPng(
  overlays: AttentionOverlays,
  { words = OVERLAY_ENGLISH }: Pick<OverlayOptions, 'words'> = {},
): string[] {
  const checked = checkOverlays(overlays);
  const texts = checked.flatMap(({ title, steps }) => [title].concat(steps.map(({ word }) => word)));
  return [...new Set([...texts, words.picture, words.noPart].flatMap((text) => missing(clean(text))))];
}

interface Placed {
  readonly layout: OverlayLayout;
  readonly top: number;
  readonly look: OverlayLook;
  readonly theme: Theme;
}

function draw(pixels: Pixels, overlay: CheckedOverlay, { layout, top: offset, look, theme }: Placed): void {
  const { text, faint } = THEMES[theme];
  const { panels, picture: size, panelWidth, wordTop, legendTop } = layout;
  const write = writer(pixels);
  const fitting = Math.floor(panelWidth / measure(' '));
  write(written(overlay.title, LONGEST_TITLE), MARGIN, offset + MARGIN, text);
  const picture = resized(overlay.picture, size);
  for (const [n, place] of panels.entries()) {
    const step = overlay.steps[n - 1];
    const [left, top] = [place.left, offset + place.top];
    if (step === undefined) {
      paste(pixels, picture, left, top);
      write(written(look.words.picture, fitting), left, top + wordTop, faint);
      continue;
    }
    paste(pixels, shaded(picture, fieldOf(step, overlay, size, look.drawn), domainOfStep(step, look)), left, top);
    write(written(step.word, fitting), left, top + wordTop, text);
    drawSentinel(pixels, step, { layout, top, look, theme }, left, write);
  }
  if (overlay.steps.length === 0) return;
  drawLegend(pixels, scaleLook(look), { left: MARGIN, top: offset + legendTop, write, text, faint, masked: false });
}

function drawSentinel(
  pixels: Pixels,
  { sentinel }: OverlayStep,
  { layout: { panelWidth, sentinelTop }, top, look, theme }: Placed,
  left: number,
  write: Write,
): void {
  if (sentinel === undefined) return;
  const { text, faint } = THEMES[theme];
  const share = written(`${percent(sentinel)} ${look.words.noPart}`);
  const length = Math.max(0, panelWidth - measure(share) - BAR_GAP);
  const y = top + sentinelTop + (LINE - BAR_HEIGHT) / 2;
  fill(pixels, left, y, [length, BAR_HEIGHT], faint);
  fill(pixels, left, y, [Math.round(Math.min(1, sentinel) * length), BAR_HEIGHT], text);
  write(share, left + panelWidth - measure(share), top + sentinelTop, text);
}

function paste(onto: Pixels, { width, height, data }: Pixels, left: number, top: number): void {
  for (let y = 0; y < height; y++) {
    onto.data.set(data.subarray(3 * y * width, 3 * (y + 1) * width), 3 * ((top + y) * onto.width + left));
  }
}
