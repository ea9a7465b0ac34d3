import { largest } from './columns.js';
import { html, type Markup } from './markup.js';

/** Errors on a logarithmic axis: one strip for each of those that are compared, the same axis for all. */

export interface Axis {
  /** Powers of ten at its ends. */
  readonly low: number;
  readonly high: number;
}

const ZERO = 40; // px at the left, for errors too small for the axis
const LENGTH = 400; // px of the logarithmic part
const RIGHT = 24; // px for what is off the axis, and for the last label
const WIDTH = ZERO + LENGTH + RIGHT;
const HEIGHT = 22; // px, that of a row

/** From a hundredth of an ulp to beyond the largest error. */
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
 * A dot for each error, and a tick at the worst. The row that it stands in says its numbers.
 *
 * @param color a class of the style sheet
 * @param reference the error to draw a line at
 */
export function strip(points: readonly number[], color: string, axis: Axis, reference: number): Markup {
  const grid = powers(axis).map((power) => line('grid', place(10 ** power, axis), 0, HEIGHT));
  // One path of dots without length is a hundredth of so many circles, and many errors share a place.
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

/** Where an error is drawn, to half a pixel: what doesn't match at the right edge, what is tiny at the left. */
function place(ulps: number, { low, high }: Axis): number {
  if (ulps === Infinity) return WIDTH - 4;
  if (ulps < 10 ** low) return ZERO / 4;
  const x = ZERO + (LENGTH * (Math.log10(ulps) - low)) / (high - low);
  return Math.round(2 * x) / 2;
}
