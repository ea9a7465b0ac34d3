import type { Colour, Picture, RgbPicture } from '@heed/pictures';
import type { Pose } from './changes.js';

/** Side of a frame, in pixels. */
export const FRAME_SIDE = 32;
const COLOURS = 3;
const CHANNELS = 4;

/** A thing on a background of one colour: between pixels of the thing by bilinear interpolation, colours as much as their alpha says. */
export function drawFrame(thing: Picture, { x, y, side, turns, alpha }: Pose, background: Colour): RgbPicture {
  const data = new Uint8Array(FRAME_SIDE * FRAME_SIDE * COLOURS);
  const scale = thing.width / side;
  const [cosine, sine] = [[1, 0, -1, 0][turns], [0, 1, 0, -1][turns]];
  const colour = new Float64Array(CHANNELS);
  for (let row = 0, to = 0; row < FRAME_SIDE; row++) {
    for (let column = 0; column < FRAME_SIDE; column++, to += COLOURS) {
      const [right, down] = [column + 0.5 - x, row + 0.5 - y];
      const fromX = (right * cosine + down * sine) * scale + thing.width / 2 - 0.5;
      const fromY = (down * cosine - right * sine) * scale + thing.height / 2 - 0.5;
      seen(thing, fromX, fromY, colour);
      const hidden = colour[COLOURS] * alpha;
      for (let n = 0; n < COLOURS; n++) data[to + n] = Math.round(colour[n] * alpha + (1 - hidden) * background[n]);
    }
  }
  return { width: FRAME_SIDE, height: FRAME_SIDE, channels: COLOURS, data };
}

/** Colours times alpha, and alpha, between four pixels; what is outside is clear. */
function seen({ width, height, data }: Picture, x: number, y: number, colour: Float64Array): void {
  colour.fill(0);
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (left < -1 || top < -1 || left >= width || top >= height) return;
  const [partX, partY] = [x - left, y - top];
  for (let corner = 0; corner < 4; corner++) {
    const [column, row] = [left + (corner & 1), top + (corner >> 1)];
    if (column < 0 || row < 0 || column >= width || row >= height) continue;
    const at = (row * width + column) * CHANNELS;
    const share = (corner & 1 ? partX : 1 - partX) * (corner >> 1 ? partY : 1 - partY);
    const opaque = (share * data[at + COLOURS]) / 255;
    for (let n = 0; n < COLOURS; n++) colour[n] += opaque * data[at + n];
    colour[COLOURS] += opaque;
  }
}
