import { interpolateViridis } from 'd3-scale-chromatic';
import type { Domain } from './attention-map.js';

export type Rgb = readonly [red: number, green: number, blue: number];

/** How far a weight is from the low end of the domain to the high one, from 0 to 1. */
export function shareOf(weight: number, [low, high]: Domain): number {
  // Halves first where the difference itself would pass the largest double.
  const share = high - low === Infinity ? (weight / 2 - low / 2) / (high / 2 - low / 2) : (weight - low) / (high - low);
  return Math.min(1, Math.max(0, share));
}

/** Viridis: perceptually uniform, and safe for colour blindness. */
export function colorAt(share: number): Rgb {
  return SCALE[Math.round(share * (SCALE.length - 1))]!;
}

export const colorOf = (weight: number, domain: Domain): Rgb => colorAt(shareOf(weight, domain));

/** As `#rrggbb`. */
export function hex([red, green, blue]: Rgb): string {
  return `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, '0')}`;
}

/** Light and dark surroundings of a map. */
export const THEMES = {
  light: { background: [255, 255, 255], text: [31, 35, 40], faint: [110, 118, 129] },
  dark: { background: [13, 17, 23], text: [230, 237, 243], faint: [145, 152, 161] },
} as const satisfies Record<string, { background: Rgb; text: Rgb; faint: Rgb }>;

export type Theme = keyof typeof THEMES;

// The steps of the published palette.
const STEPS = 256;
const SCALE: readonly Rgb[] = Array.from({ length: STEPS }, (_, n) => {
  const value = Number.parseInt(interpolateViridis(n / (STEPS - 1)).slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
});
