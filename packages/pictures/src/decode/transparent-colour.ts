import type { Channels, Picture } from '../picture.js';

/**
 * A picture of one transparent colour, with an alpha channel: 0 where its samples, of all their bits, are that colour.
 *
 * @param samples as many as the picture has bytes, before they became bytes
 * @see https://www.w3.org/TR/png-3/#11tRNS
 */
export function withTransparentColour(
  { width, height, channels, data }: Picture,
  samples: ArrayLike<number>,
  colour: ArrayLike<number>,
): Picture {
  const wide = (channels + 1) as Channels;
  const all = new Uint8Array(width * height * wide);
  for (let from = 0, to = 0; from < data.length; from += channels, to += wide) {
    let isClear = true;
    for (let n = 0; n < channels; n++) {
      all[to + n] = data[from + n];
      isClear &&= samples[from + n] === colour[n];
    }
    all[to + channels] = isClear ? 0 : 255;
  }
  return { width, height, channels: wide, data: all };
}
