import { Ansis } from 'ansis';
import stringWidth from 'fast-string-width';
import type { Domain } from './attention-map.js';
import { colorOf, isSigned, shareOf, strengthOf, weightAt } from './color.js';
import { endsOf } from './legend.js';

/** Colours that a terminal has; 'plain' is none, only characters. */
export type TerminalColors = 'truecolor' | 'ansi256' | 'plain';

/** Function that draws a weight as `width` columns of a terminal. */
export type Painter = (weight: number, domain: Domain, width: number) => string;

/** Columns of a cell, which is then square: two columns of a terminal are about as wide as one line is high. */
export const CELL = 2;
const SCALE_STEPS = 10;

/** The scale with the numbers of its ends, and how many columns it takes. */
export function scaleOf(
  paint: Painter,
  domain: Domain,
  [from, to]: readonly [string, string] = endsOf({ domain }),
): { readonly text: string; readonly width: number } {
  const step = isSigned(domain) ? CELL : 1;
  const steps = Array.from({ length: SCALE_STEPS }, (_, n) =>
    paint(weightAt(n / (SCALE_STEPS - 1), domain), domain, step),
  );
  return {
    text: `${from} ${steps.join('')} ${to}`,
    width: stringWidth(from) + stringWidth(to) + SCALE_STEPS * step + 2,
  };
}

/** Writer of the colours of a terminal that has some. */
export function ansisOf(colors: Exclude<TerminalColors, 'plain'>): Ansis {
  // 2 is the level of 256 colours in ansis.
  return new Ansis(colors === 'ansi256' ? 2 : 3);
}

const inColor =
  (ansis: Ansis): Painter =>
  (weight, domain, width) =>
    ansis.bgRgb(...colorOf(weight, domain))(' '.repeat(width));

/** Painters by the colours that a terminal has. */
export const PAINTERS: Record<TerminalColors, Painter> = {
  plain: (weight, domain, width) => {
    const text = isSigned(domain)
      ? signed(strengthOf(weight, domain))
      : inkOf(shareOf(weight, domain), RAMP).repeat(CELL);
    return text.padEnd(width).slice(0, width);
  },
  ansi256: inColor(ansisOf('ansi256')),
  truecolor: inColor(ansisOf('truecolor')),
};

/** Characters of a signed weight: its sign and its strength. */
function signed(strength: number): string {
  const ink = inkOf(Math.abs(strength), SIGNED_RAMP);
  return ink === ' ' ? '  ' : `${strength < 0 ? '-' : '+'}${ink}`;
}

const inkOf = (strength: number, ramp: string): string => ramp[Math.round(strength * (ramp.length - 1))];

// Characters from light to dense: each has more ink than the one before.
const RAMP = ' .:-=+*#%@';
// The same characters without + and -, which are signs here.
const SIGNED_RAMP = ' .:=*#%@';
