import { checkOptions, HeedError, show, uniform, type OptionNames, type Purpose } from '@heed/base';
import { checkColour, type Colour } from './flatten.js';
import { changeColours, type ColourChange } from './colour-jitter.js';
import { COLOURS, rgbaOf, unclamped, type PictureLike, type RgbPicture } from './picture.js';
import { multiplied } from './premultiply.js';

/** How much a picture is changed, each at random up to what is given; 0 leaves it as it is. */
export interface AugmentOptions {
  /** Greatest shift in each direction, as a share of the side. Default 0.1. */
  readonly shift?: number;
  /** Greatest factor of the size, from 1 on: 1.25 is from 0.8 to 1.25 times as large. Default 1.25. */
  readonly scale?: number;
  /** Greatest change of brightness, contrast and saturation, as shares. Defaults 0.15; hues stay, as captions name colours. */
  readonly brightness?: number;
  readonly contrast?: number;
  readonly saturation?: number;
  /** Colours of which one is the background, or 'any'. Default 'any'. */
  readonly background?: readonly Colour[] | 'any';
}

const OPTIONS: OptionNames<AugmentOptions> = {
  shift: true,
  scale: true,
  brightness: true,
  contrast: true,
  saturation: true,
  background: true,
};

/**
 * A picture as it might have been drawn elsewhere: shifted, of another size, in other light, on another background. Its sides stay, what
 * leaves them is cut off, and where the picture was clear or isn't any more is the background.
 *
 * @param purpose seed, and what tells the numbers of this picture from others': the same purpose changes a picture the same way
 * @throws HeedError INVALID_ARGUMENT for what is no picture, a number out of range, no colour; SHAPE_MISMATCH; UNKNOWN_OPTION
 */
export function augment(
  picture: PictureLike,
  purpose: Omit<Purpose, 'stream'>,
  options: AugmentOptions = {},
): RgbPicture {
  const { shift, scale, background, ...light } = checked(options);
  const { width, height, data } = multiplied(rgbaOf(picture));
  const next = uniform({ ...purpose, stream: 'pictures' });
  /** A number from -1 to 1. */
  const signed = (): number => 2 * next() - 1;

  // All numbers are drawn whatever the options, so that one option doesn't change what another one does.
  const factor = scale ** signed();
  const [right, down] = [signed() * shift * width, signed() * shift * height];
  const change: ColourChange = {
    brightness: 1 + light.brightness * signed(),
    contrast: 1 + light.contrast * signed(),
    saturation: 1 + light.saturation * signed(),
  };
  const [red, green, blue, chosen] = [next(), next(), next(), next()];
  const behind: Colour =
    background === 'any' ? [red * 255, green * 255, blue * 255] : background[Math.floor(chosen * background.length)];

  const all = new Uint8ClampedArray(width * height * COLOURS);
  for (let y = 0, to = 0; y < height; y++) {
    const fromY = (y + 0.5 - height / 2 - down) / factor + height / 2 - 0.5;
    for (let x = 0; x < width; x++, to += COLOURS) {
      const fromX = (x + 0.5 - width / 2 - right) / factor + width / 2 - 0.5;
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
      const [partX, partY] = [fromX - left, fromY - top];
      let clear = 1;
      const colour = [0, 0, 0];
      for (let corner = 0; corner < 4; corner++) {
        const [column, row] = [left + (corner & 1), top + (corner >> 1)];
        if (column < 0 || row < 0 || column >= width || row >= height) continue;
        const share = (corner & 1 ? partX : 1 - partX) * (corner >> 1 ? partY : 1 - partY);
        const at = (row * width + column) * 4;
        clear -= (share * data[at + 3]) / 255;
        for (let n = 0; n < COLOURS; n++) colour[n] += share * data[at + n];
      }
      for (let n = 0; n < COLOURS; n++) all[to + n] = colour[n] + clear * behind[n];
    }
  }
  return changeColours({ width, height, channels: COLOURS, data: unclamped(all) }, change);
}

function checked(options: AugmentOptions): Required<AugmentOptions> {
  checkOptions('augment', options, OPTIONS);
  const {
    shift = 0.1,
    scale = 1.25,
    brightness = 0.15,
    contrast = 0.15,
    saturation = 0.15,
    background = 'any',
  } = options;
  const within = (name: string, value: number, least: number, most: number): void => {
    if (value >= least && value <= most) return;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `augment: ${name} is ${show(value)}`,
      hint: `a number from ${least} to ${most}`,
      details: { name, value },
    });
  };
  within('shift', shift, 0, 1);
  within('scale', scale, 1, 10);
  for (const [name, value] of Object.entries({ brightness, contrast, saturation })) within(name, value, 0, 1);
  if (background !== 'any') {
    if (!Array.isArray(background) || background.length === 0) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `augment: background is ${show(background)}`,
        hint: "a list of at least one colour, or 'any'",
      });
    }
    background.forEach((colour, n) => checkColour(`augment: background[${n}]`, colour as Colour));
  }
  return { shift, scale, brightness, contrast, saturation, background };
}
