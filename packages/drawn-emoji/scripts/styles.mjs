import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

/** Side of a drawn picture, in pixels. */
export const SIDE = 64;

const packageFolder = (name) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));

/** Folders of the SVG files by the style's name. */
export const STYLES = {
  fluent: join(packageFolder('@lobehub/fluent-emoji-flat'), 'assets'),
  twemoji: packageFolder('@twemoji/svg'),
};

/** Names of a style's emoji, code points in hexadecimal, sorted. */
export const namesOf = (style) =>
  readdirSync(STYLES[style])
    .filter((file) => file.endsWith('.svg'))
    .map((file) => file.slice(0, -'.svg'.length))
    .toSorted();

/** An emoji as RGBA, 64 by 64: as large as fits, in the middle. */
export function draw(style, name) {
  const svg = readFileSync(join(STYLES[style], `${name}.svg`));
  const { width, height } = new Resvg(svg);
  const fitTo = { mode: width >= height ? 'width' : 'height', value: SIDE };
  const drawn = new Resvg(svg, { fitTo, font: { loadSystemFonts: false } }).render();
  const { pixels } = drawn;
  const [left, top] = [(SIDE - drawn.width) >> 1, (SIDE - drawn.height) >> 1];
  const all = new Uint8Array(SIDE * SIDE * 4);
  for (let row = 0; row < drawn.height; row++) {
    const from = row * drawn.width * 4;
    all.set(pixels.subarray(from, from + drawn.width * 4), ((row + top) * SIDE + left) * 4);
  }
  return all;
}
