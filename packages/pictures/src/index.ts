export { augment, type AugmentOptions } from './augment.js';
export { centerCrop } from './center-crop.js';
export { decodePicture, pictureHeader, type DecodeOptions } from './decode/decode-picture.js';
export type { Format } from './decode/file-error.js';
export type { Header } from './decode/header.js';
export { FILTER_NAMES, type FilterName } from './filters.js';
export { fitInto } from './fit-into.js';
export { flatten, WHITE, type Colour } from './flatten.js';
export { hashDistance, perceptualHash } from './perceptual-hash.js';
export {
  COLOURS,
  MOST_PIXELS,
  pictureOf,
  rgbaOf,
  rgbOf,
  type Channels,
  type Picture,
  type PictureLike,
  type RgbPicture,
} from './picture.js';
export { resize } from './resize.js';
