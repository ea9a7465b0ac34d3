import { HeedError, show } from '@heed/base';
import {
  centerCrop,
  COLOURS,
  FILTER_NAMES,
  MOST_PIXELS,
  resize,
  rgbOf,
  type PictureLike,
  type RgbPicture,
} from '@heed/pictures';
import type { Config } from '../config.js';
import type { Inputs } from '../networks/network.js';

/** Makes pixel values of pictures. */
export type ImageProcessor = (pictures: readonly PictureLike[]) => Required<Pick<Inputs, 'pixelValues'>>;

/** What an image processor of a kind does where its configuration doesn't say. */
export interface ImageDefaults {
  /** Sides of a picture, or its shorter side alone. */
  readonly size: number;
  readonly bySide: 'both' | 'shorter';
  /** Number of PIL's filter. */
  readonly resample: number;
  /** Side of the middle that is kept; all is when absent. */
  readonly crop?: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/**
 * An image processor of a `preprocessor_config.json` of transformers 4 or 5: pictures in RGB, of another size as Pillow makes it, their
 * middle cut out, times a factor, less the mean and over the deviation of each colour; [B, 3, height, width].
 *
 * @throws HeedError CONFIG_INVALID; and of pictures, INVALID_ARGUMENT, SHAPE_MISMATCH
 */
export function imageProcessor(config: Config, defaults: ImageDefaults): ImageProcessor {
  const sized = sizing(config, defaults);
  const cropped = cropping(config, defaults);
  const factor = config.flag('do_rescale', true) ? config.number('rescale_factor', 1 / 255) : 1;
  const normalizes = config.flag('do_normalize', true);
  const mean = ofColours(config, 'image_mean', defaults.mean);
  const std = ofColours(config, 'image_std', defaults.std);
  config.refuseUnless(!std.includes(0), 'image_std', 'deviations other than 0');

  return (pictures) => {
    const ready = pictures.map((picture) => cropped(sized(rgbOf(picture))));
    const { width, height } = sameSize(ready);
    const area = width * height;
    const data = new Float32Array(ready.length * COLOURS * area);
    for (const [n, picture] of ready.entries()) {
      for (let at = 0; at < picture.data.length; at++) {
        const colour = at % COLOURS;
        // Rounded to float32 where transformers does so.
        const value = Math.fround(picture.data[at]! * factor);
        const to = (n * COLOURS + colour) * area + Math.floor(at / COLOURS);
        data[to] = normalizes ? Math.fround(value - Math.fround(mean[colour]!)) / Math.fround(std[colour]!) : value;
      }
    }
    return { pixelValues: { shape: [ready.length, COLOURS, height, width], data } };
  };
}

type Change = (picture: RgbPicture) => RgbPicture;

const unchanged: Change = (picture) => picture;

function sizing(config: Config, { size, bySide, resample }: ImageDefaults): Change {
  if (!config.flag('do_resize', true)) return unchanged;
  const number = config.index('resample', resample);
  const filter = FILTER_NAMES[number]!;
  config.refuseUnless(filter !== undefined, 'resample', `a filter of ${[...FILTER_NAMES.keys()].join(', ')}`);
  const shorter = shorterSide(config) ?? (config.has('size') || bySide === 'both' ? undefined : size);
  if (shorter === undefined) {
    const { width, height } = sidesOf(config, 'size', size);
    return (picture) => resize(picture, width, height, filter);
  }
  return (picture) => {
    const { width, height } = picture;
    const longer = Math.trunc((shorter * Math.max(width, height)) / Math.min(width, height));
    const [wide, high] = width <= height ? [shorter, longer] : [longer, shorter];
    if (wide * high <= MOST_PIXELS) return resize(picture, wide, high, filter);
    throw new HeedError('INVALID_ARGUMENT', {
      message: `a picture of ${width} by ${height} pixels would become one of ${wide} by ${high}`,
      hint: 'cut a piece of it that is less narrow',
      details: { width, height },
    });
  };

  /** The shorter side that `size` asks for; undefined where it asks for both. */
  function shorterSide(config: Config): number | undefined {
    if (typeof config.json.size === 'number') return bySide === 'shorter' ? config.size('size') : undefined;
    if (!config.has('size')) return undefined;
    const section = config.section('size');
    section.refuseUnless(!section.has('longest_edge'), 'longest_edge', 'height and width, or shortest_edge,');
    return section.has('shortest_edge') ? section.size('shortest_edge') : undefined;
  }
}

function cropping(config: Config, { crop }: ImageDefaults): Change {
  if (!config.flag('do_center_crop', crop !== undefined)) return unchanged;
  const { width, height } = sidesOf(config, 'crop_size', crop);
  return (picture) => centerCrop(picture, width, height);
}

/** Height and width of a field that has both, or one number for both as older files do. */
function sidesOf(
  config: Config,
  name: string,
  fallback: number | undefined,
): { readonly width: number; readonly height: number } {
  const isOne = typeof config.json[name] === 'number' || !config.has(name);
  const section = isOne ? undefined : config.section(name);
  const side = section === undefined ? config.size(name, fallback) : undefined;
  const [width, height] = [side ?? section!.size('width'), side ?? section!.size('height')];
  config.refuseUnless(width * height <= MOST_PIXELS, name, `at most ${MOST_PIXELS} pixels`);
  return { width, height };
}

/** A number for each colour, of a field that has as many or one for all. */
function ofColours(config: Config, name: string, fallback: readonly number[]): readonly number[] {
  const value = config.json[name] ?? fallback;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value, value, value];
  const isList = list.length === COLOURS && list.every((item) => typeof item === 'number' && Number.isFinite(item));
  if (isList) return list as readonly number[];
  throw new HeedError('CONFIG_INVALID', {
    message: `${config.what}: ${name} is ${show(value)}`,
    hint: `a number, or ${COLOURS}`,
    details: { name, value },
  });
}

function sameSize(pictures: readonly RgbPicture[]): { readonly width: number; readonly height: number } {
  const [first] = pictures;
  if (first === undefined) {
    throw new HeedError('INVALID_ARGUMENT', { message: 'there is no picture', hint: 'give at least one' });
  }
  const other = pictures.find(({ width, height }) => width !== first.width || height !== first.height);
  if (other === undefined) return first;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `one picture is of ${first.width} by ${first.height} pixels, another of ${other.width} by ${other.height}`,
    hint: 'this model keeps their sides, so give those of one size together',
  });
}
