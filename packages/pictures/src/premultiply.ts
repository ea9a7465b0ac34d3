import type { Picture } from './picture.js';

/**
 * A picture with its alpha multiplied into its colours, rounded as Pillow does.
 *
 * @see https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Convert.c, rgba2rgbA
 */
export const multiplied = <Kind extends Picture>(picture: Kind): Kind => changed(picture, timesShare);

/** The same picture with its alpha taken out of its colours again. */
export const unmultiplied = <Kind extends Picture>(picture: Kind): Kind =>
  changed(picture, (colour, alpha) =>
    alpha === 0 || alpha === 255 ? colour : Math.min(255, Math.trunc((255 * colour) / alpha)),
  );

/** Pillow's MULDIV255: a · b / 255, rounded. */
function timesShare(colour: number, alpha: number): number {
  const product = colour * alpha + 128;
  return ((product >> 8) + product) >> 8;
}

function changed<Kind extends Picture>(picture: Kind, change: (colour: number, alpha: number) => number): Kind {
  const { channels, data } = picture;
  const all = data.slice();
  for (let start = 0; start < all.length; start += channels) {
    const alpha = data[start + channels - 1];
    for (let n = start; n < start + channels - 1; n++) all[n] = change(data[n], alpha);
  }
  return { ...picture, data: all };
}
