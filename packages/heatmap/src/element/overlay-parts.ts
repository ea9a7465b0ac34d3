import { named } from '../table.js';
import { escapeXml } from '../xml.js';
import { hasSentinel, type CheckedOverlay, type Picture } from '../overlay/attention-overlay.js';
import { fieldOf } from '../overlay/field.js';
import { mapSize } from '../overlay/map-size.js';
import { resized, sizeWithin } from '../overlay/picture.js';
import { domainOfStep, type OverlayLook } from '../overlay/scale.js';
import { shades } from '../overlay/shade.js';
import { percent } from '../overlay/words.js';
import { OVERLAY_STYLE } from './overlay-style.js';

/** Longer side of the painted picture, in pixels: twice what it has on most pages. */
const MOST = 896;
// A picture of fewer pixels shows them as squares.
const SHARP = 128;
// Longer side of the painted map, which the browser enlarges.
const MAP = 448;

export type OverlayParts = ReturnType<typeof buildOverlay>;

/** Parts of the element in its shadow root. */
export function buildOverlay(root: ShadowRoot) {
  root.innerHTML = `<style>${OVERLAY_STYLE}</style>
<div class="seen"><div class="picture" part="picture" role="img"><canvas></canvas><canvas class="map"></canvas><div class="cursor" hidden></div></div>
<div class="words" part="words" role="radiogroup"></div>
<div class="sentinel" part="sentinel" aria-hidden="true"><span class="track"><span class="bar"></span></span><span class="share"></span></div>
<p class="readout" part="readout" aria-hidden="true"></p></div>
<div class="table" part="table" tabindex="0" role="group" hidden></div>
<p class="heard" role="status"></p>`;
  const part = <E extends Element = HTMLElement>(selector: string): E => root.querySelector<E>(selector)!;
  return {
    seen: part('.seen'),
    picture: part('.picture'),
    canvas: part<HTMLCanvasElement>('canvas'),
    map: part<HTMLCanvasElement>('.map'),
    cursor: part('.cursor'),
    words: part('.words'),
    sentinel: part('.sentinel'),
    bar: part('.bar'),
    share: part('.share'),
    readout: part('.readout'),
    table: part('.table'),
    heard: part('.heard'),
  };
}

/** Paints a picture on its white paper. */
export function paintPicture({ canvas, picture: box }: OverlayParts, picture: Picture): void {
  const longer = Math.max(picture.width, picture.height);
  const { width, height, data } = resized(picture, longer > MOST ? sizeWithin(picture, MOST) : picture);
  const image = new ImageData(width, height);
  for (let n = 0; n < width * height; n++) {
    image.data.set(data.subarray(3 * n, 3 * n + 3), 4 * n);
    image.data[4 * n + 3] = OPAQUE;
  }
  put(canvas, image, longer < SHARP);
  box.style.setProperty('--_shape', String(width / height));
}

const OPAQUE = 255;

/** Paints the map of a step over the picture; none leaves the picture alone. */
export function paintMap(
  { map }: OverlayParts,
  overlay: CheckedOverlay,
  look: OverlayLook,
  n: number | undefined,
): void {
  const step = n === undefined ? undefined : overlay.steps[n];
  map.hidden = step === undefined;
  if (step === undefined) return;
  const size = mapSize(overlay, look, MAP);
  const data = shades(fieldOf(step, overlay, size, look.drawn), domainOfStep(step, look));
  put(map, new ImageData(data, size.width, size.height), look.drawn === 'cells');
}

function put(canvas: HTMLCanvasElement, image: ImageData, isSharp: boolean): void {
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.classList.toggle('sharp', isSharp);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

/** Draws the share that looked at no part of the picture; room for it stays where another word has one. */
export function drawSentinel(
  parts: OverlayParts,
  overlay: CheckedOverlay,
  look: OverlayLook,
  n: number | undefined,
): void {
  const share = n === undefined ? undefined : overlay.steps[n]?.sentinel;
  parts.sentinel.hidden = !hasSentinel(overlay);
  parts.sentinel.style.visibility = share === undefined ? 'hidden' : '';
  parts.bar.style.width = `${Math.min(100, 100 * (share ?? 0))}%`;
  parts.share.textContent = `${percent(share ?? 0)} ${look.words.noPart}`;
}

/** Words as radio buttons. */
export function wordButtons({ steps, language }: CheckedOverlay): string {
  const lang = language === undefined ? '' : ` lang="${escapeXml(language)}"`;
  return steps
    .map(
      ({ word }, n) =>
        `<span class="word" part="word" role="radio" data-n="${n}"${lang}>${escapeXml(named(word))}</span>`,
    )
    .join('');
}
