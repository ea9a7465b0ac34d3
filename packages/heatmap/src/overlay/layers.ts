import { fnv1a } from '@heed/base';
import { dataUrl } from '../data-url.js';
import { encodePicture, encodePixels } from '../pixels.js';
import type { AttentionOverlay, OverlayStep, Picture } from './attention-overlay.js';
import { fieldOf } from './field.js';
import { mapSize } from './map-size.js';
import { resized, sizeWithin } from './picture.js';
import { domainOfStep, type OverlayLook } from './scale.js';
import { shades } from './shade.js';

/** One of the two images that a drawn look is made of. */
export interface Layer {
  readonly url: string;
  /** Whether its pixels are squares to be seen, not to be smoothed. */
  readonly sharp: boolean;
}

/** The picture as an embedded PNG, at most `side` pixels long: what a page shows at once needs no more. */
export function pictureLayer(picture: Picture, side: number): Layer & { readonly id: string } {
  const longer = Math.max(picture.width, picture.height);
  const url = dataUrl(encodePixels(resized(picture, longer > side ? sizeWithin(picture, side) : picture)));
  // Its name is made of its content, so that drawings that meet in one page don't show each other's pictures.
  return { url, sharp: longer < side / 2, id: `heed-picture-${fnv1a(url).toString(36)}` };
}

/** Map of a word, to lie over the picture, as an embedded PNG with an alpha channel. */
export function mapLayer(step: OverlayStep, overlay: AttentionOverlay, look: OverlayLook, side: number): Layer {
  const size = mapSize(overlay, look, side);
  const data = shades(fieldOf(step, overlay, size, look.drawn), domainOfStep(step, look));
  return { url: dataUrl(encodePicture({ ...size, data, channels: 4 })), sharp: look.drawn === 'cells' };
}
