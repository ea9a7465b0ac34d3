import { interpolateRdBu, interpolateViridis } from 'd3-scale-chromatic';
import type { Domain } from './attention-map.js';

export type Rgb = readonly [red: number, green: number, blue: number];

/** Whether some numbers are below 0. Then 0 is the middle of the palette, and colours are stronger away from it. */
export const isSigned = ([low]: Domain): boolean => low < 0;

/** Position of a weight between the low end of the domain and the high end, from 0 to 1. */
export function shareOf(weight: number, [low, high]: Domain): number {
  // Halve both first when their difference would exceed the largest double.
  const share = high - low === Infinity ? (weight / 2 - low / 2) / (high / 2 - low / 2) : (weight - low) / (high - low);
  return Math.min(1, Math.max(0, share));
}

/** Weight at a position of the domain, from 0 at its low end to 1 at its high end. */
export const weightAt = (share: number, [low, high]: Domain): number => low * (1 - share) + high * share;

/** Signed distance of a weight from 0, from −1 to 1, where 1 is the end of the domain that is farther from 0. */
export function strengthOf(weight: number, [low, high]: Domain): number {
  return Math.min(1, Math.max(-1, weight / Math.max(-low, high)));
}

/**
 * Colour of a weight: viridis for numbers from 0, and red over white to blue for signed numbers, where the same distance from 0
 * is equally strong on both sides. Both palettes are safe for colour blindness.
 */
export function colorOf(weight: number, domain: Domain): Rgb {
  return isSigned(domain)
    ? at(diverging(), (strengthOf(weight, domain) + 1) / 2)
    : at(sequential(), shareOf(weight, domain));
}

/** Colour of text on a background: black or white, whichever is easier to read. */
export function inkOn([red, green, blue]: Rgb): Rgb {
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  // At this luminance the contrast with black equals that with white: (L + 0.05)² = 1.05 · 0.05, WCAG 2.2.
  return luminance > Math.sqrt(1.05 * 0.05) - 0.05 ? [0, 0, 0] : [255, 255, 255];
}

/** Linear value of a channel by sRGB's transfer function, IEC 61966-2-1. */
function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** A colour as `#rrggbb`. */
export function hex([red, green, blue]: Rgb): string {
  return `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, '0')}`;
}

/** Colours around a map, for a light and a dark theme. */
export const THEMES = {
  light: { background: [255, 255, 255], text: [31, 35, 40], faint: [110, 118, 129] },
  dark: { background: [13, 17, 23], text: [230, 237, 243], faint: [145, 152, 161] },
} as const satisfies Record<string, { background: Rgb; text: Rgb; faint: Rgb }>;

export type Theme = keyof typeof THEMES;

/** Colours of weights from 0 to the greatest: viridis, in as many steps as it is published with. */
export const sequential = palette(interpolateViridis, 256);
/** Colours of signed weights: an odd number of steps, since the middle is 0. */
const diverging = palette(interpolateRdBu, 257);

/** Colours at so many places of a scale, computed when one is first asked for: most programs that import this draw nothing. */
function palette(scale: (share: number) => string, count: number): () => readonly Rgb[] {
  let colors: readonly Rgb[] | undefined;
  return () => (colors ??= Array.from({ length: count }, (_, n) => parse(scale(n / (count - 1)))));
}

/** Parses a colour of the palettes, `#rrggbb` or `rgb(r, g, b)`. */
function parse(color: string): Rgb {
  const parts = color.startsWith('#')
    ? color.match(/[0-9a-f]{2}/gi)!.map((part) => Number.parseInt(part, 16))
    : color.match(/\d+/g)!.map(Number);
  return parts as unknown as Rgb;
}

const at = (colors: readonly Rgb[], share: number): Rgb => colors[Math.round(share * (colors.length - 1))];
