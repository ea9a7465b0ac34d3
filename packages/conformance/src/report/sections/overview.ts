import { describeTakes } from '@heed/core';
import type { Claims } from '../../report.js';
import type { Column } from '../columns.js';
import { html, type Markup } from '../markup.js';
import { formatTime, plural } from '../numbers.js';
import { pathCounts, shareBar } from './paths.js';

/** Section that shows what ran, with a box for each backend. */
export function overview(columns: readonly Column[]): Markup {
  return html`<section class="cards">${columns.map(card)}</section>`;
}

function card({ label, report }: Column, n: number): Markup {
  const { engine, versions, device, capabilities, floor, totals, startedAt } = report;
  const { fused, takes, threads, simd, accumulatorBits, deterministic, replaces, notes } = capabilities;
  const facts: readonly (readonly [string, string])[] = [
    ['Engine', `${engine} of TensorFlow.js ${versions.tensorflow}`],
    [
      'Heed',
      [`core ${versions.core ?? 'of unknown version'}`, versions.backend && `backend ${versions.backend}`]
        .filter(Boolean)
        .join(', '),
    ],
    ['Ran on', `${versions.runtime}, ${device}`],
    ['Kernels', `${simd === 'none' ? 'no SIMD' : `SIMD: ${simd}`}, ${plural(threads, 'thread')}`],
    [
      'Numbers',
      `${floor}, sums in ${accumulatorBits} bits, ${deterministic ? 'same bits every time' : 'bits may differ'}`,
    ],
    ['Fused', fused.length > 0 ? fused.join(', ') : 'no op'],
    ...(takes && fused.length > 0 ? [['Takes', inWords(takes)] as const] : []),
    ['Replaces', replaces.length > 0 ? replaces.join(', ') : 'no kernel of the engine'],
    ['Took', `${formatTime(totals.ms)}, ${startedAt.replace('T', ' ').slice(0, 16)} UTC`],
  ];
  return html`<article class="card">
    <h2><span class="swatch c${n % 6}" aria-hidden="true"></span>${label}</h2>
    <p class="verdict">${verdict(report.totals)}</p>
    ${shareBar(pathCounts(report))}
    <dl>
      ${facts.map(
        ([term, fact]) =>
          html`<dt>${term}</dt>
            <dd>${fact}</dd>`,
      )}
    </dl>
    ${notes.map((note) => html`<p class="note">${note}</p>`)}
  </article>`;
}

const inWords = ({ limits, ...lists }: NonNullable<Claims['takes']>): string =>
  describeTakes({ ...lists, limits: Object.fromEntries(limits.map(({ size, most }) => [size, most])) });

function verdict({ cases, passed, failed, knownFailures, skipped }: Column['report']['totals']): Markup {
  const main =
    failed > 0
      ? html`<strong class="bad">✗ ${failed} of ${cases} failed</strong>`
      : html`<strong class="good">✓ ${passed} of ${cases} passed</strong>`;
  const rest = [
    failed > 0 && `${passed} passed`,
    knownFailures > 0 && plural(knownFailures, 'known failure'),
    skipped > 0 && `${skipped} skipped`,
  ].filter((part) => part !== false);
  return html`${main}${rest.length > 0 && ` · ${rest.join(' · ')}`}`;
}
