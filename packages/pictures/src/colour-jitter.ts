import { unclamped, type RgbPicture } from './picture.js';

/** How a picture's colours change; factors of 1 leave them as they are. */
export interface ColourChange {
  /** Factor of all values. */
  readonly brightness: number;
  /** Factor of the distance from the mean grey of the picture. */
  readonly contrast: number;
  /** Factor of the distance from the pixel's own grey. */
  readonly saturation: number;
}

/**
 * A picture of other brightness, contrast and saturation, in this order, as torchvision's `ColorJitter` defines each.
 *
 * @see https://github.com/pytorch/vision/blob/main/torchvision/transforms/_functional_tensor.py
 */
export function changeColours(picture: RgbPicture, { brightness, contrast, saturation }: ColourChange): RgbPicture {
  const values = Float32Array.from(picture.data, (value) => Math.min(255, value * brightness));
  let mean = 0;
  for (let at = 0; at < values.length; at += 3) mean += greyAt(values, at);
  mean /= values.length / 3;
  for (let n = 0; n < values.length; n++) values[n] = clamp(mean + contrast * (values[n] - mean));
  const changed = new Uint8ClampedArray(values.length);
  for (let at = 0; at < values.length; at += 3) {
    const grey = greyAt(values, at);
    for (let n = at; n < at + 3; n++) changed[n] = grey + saturation * (values[n] - grey);
  }
  return { ...picture, data: unclamped(changed) };
}

const clamp = (value: number): number => Math.max(0, Math.min(255, value));

/** Luma of a pixel, ITU-R 601-2. */
const greyAt = (values: Float32Array, at: number): number =>
  0.299 * values[at] + 0.587 * values[at + 1] + 0.114 * values[at + 2];
