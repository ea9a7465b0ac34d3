import { largest } from './columns.js';
import { html, type Markup } from './markup.js';

/** Plot of errors on a logarithmic axis: one strip for each backend, with the same axis for all. */

export interface Axis {
  /** Powers of ten at the ends of the axis. */
  readonly low: number;
  readonly high: number;
}

const ZERO = 40; // px at the left, for errors too small for the axis
const LENGTH = 400; // px of the logarithmic part
const RIGHT = 24; // px for errors beyond the axis, and for the last label
const WIDTH = ZERO + LENGTH + RIGHT;
const HEIGHT = 22; // px, the height of a row

/** Axis from a hundredth of an ulp to beyond the largest error. */
export function axisFor(points: readonly number[]): Axis {
  const most = largest(points.filter((point) => point < Infinity));
  return { low: -2, high: Math.max(2, Math.ceil(Math.log10(Math.max(most, 1)))) };
}

export function axisLabels(axis: Axis): Markup {
  const labels = [...powers(axis).map((power) => [place(10 ** power, axis), tickLabel(power)]), [place(0, axis), '0']];
  return html`<svg class="plot" width="${WIDTH}" height="14" viewBox="0 0 ${WIDTH} 14" aria-hidden="true">
    ${labels.map(([x, label]) => html`<text x="${x}" y="11" text-anchor="middle">${label}</text>`)}
  </svg>`;
}

/**
 * Strip with a dot for each error, and a tick at the worst. Its row also has the numbers as text.
 *
 * @param color class of the style sheet
 * @param reference error at which a line is drawn
 */
export function strip(points: readonly number[], color: string, axis: Axis, reference: number): Markup {
  const grid = powers(axis).map((power) => line('grid', place(10 ** power, axis), 0, HEIGHT));
  // One path with dots of length 0 is a hundredth the size of as many circles, and many errors have the same position.
  const places = [...new Set(points.map((point) => place(point, axis)))];
  const dots = places.map((x) => `M${x} ${HEIGHT / 2}h0`).join('');
  const worst = place(largest(points), axis);
  return html`<svg
    class="plot ${color}"
    width="${WIDTH}"
    height="${HEIGHT}"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    aria-hidden="true"
  >
    ${grid}${line('bound', place(reference, axis), 0, HEIGHT)}
    <path class="dots" d="${dots}" />
    ${line('worst', worst, 4, HEIGHT - 4)}
  </svg>`;
}

function line(kind: string, x: number, from: number, to: number): Markup {
  return html`<path class="${kind}" d="M${x} ${from}V${to}" />`;
}

function powers({ low, high }: Axis): readonly number[] {
  return Array.from({ length: high - low + 1 }, (_, n) => low + n);
}

const LARGEST_PLAIN = 3; // power of ten

function tickLabel(power: number): string {
  return power <= LARGEST_PLAIN ? String(10 ** power) : `1e${power}`;
}

/** Position of an error, to half a pixel: an infinite one is at the right edge, a tiny one at the left. */
function place(ulps: number, { low, high }: Axis): number {
  if (ulps === Infinity) return WIDTH - 4;
  if (ulps < 10 ** low) return ZERO / 4;
  const x = ZERO + (LENGTH * (Math.log10(ulps) - low)) / (high - low);
  return Math.round(2 * x) / 2;
}
