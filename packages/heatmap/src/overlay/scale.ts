import { HeedError, show, type OptionNames } from '@heed/base';
import { checkDomain, DOMAIN_OPTIONS, domainBetween, type Domain, type DomainOptions } from '../attention-map.js';
import type { Look } from '../legend.js';
import { clean } from '../text.js';
import type { AttentionOverlay, OverlayStep } from './attention-overlay.js';
import { greatest, type Drawn } from './field.js';
import { OVERLAY_ENGLISH, type OverlayWords } from './words.js';

const SCALES = ['word', 'shared'] as const;
const DRAWN = ['smooth', 'cells'] as const satisfies readonly Drawn[];

/** Options of every renderer that draws overlays: scale, look and words. */
export interface OverlayOptions extends DomainOptions {
  /**
   * Whose scale the colours are of: each 'word' has its own, from 0 to its greatest weight, as the papers draw them (the default), or one
   * that is 'shared', so that colours of words can be compared. A domain that is given is shared.
   */
  readonly scale?: (typeof SCALES)[number];
  /** How weights lie over the picture: 'smooth' (the default), as the papers draw them, or as the exact 'cells'. */
  readonly drawn?: Drawn;
  /** Words that the overlay says by itself. Default: English; `OVERLAY_CHINESE` is there too. */
  readonly words?: OverlayWords;
}

export const OVERLAY_OPTIONS: OptionNames<OverlayOptions> = {
  ...DOMAIN_OPTIONS,
  scale: true,
  drawn: true,
  words: true,
};

/** Look of an overlay: options with their defaults, and the scale of each word. */
export interface OverlayLook {
  readonly drawn: Drawn;
  readonly words: OverlayWords;
  /** Scale that all words share; undefined when each has its own, from 0 to its greatest weight. */
  readonly shared: Domain | undefined;
}

/** @throws HeedError INVALID_ARGUMENT for a domain, a scale or a drawing that is none */
export function overlayLook(overlays: readonly AttentionOverlay[], options: OverlayOptions): OverlayLook {
  const { scale = 'word', drawn = 'smooth', words = OVERLAY_ENGLISH, domain } = options;
  checkChoice('scale', SCALES, scale);
  checkChoice('drawn', DRAWN, drawn);
  const isOwn = scale === 'word' && domain === undefined;
  return { drawn, words, shared: isOwn ? undefined : domainOfAll(overlays, { domain }) };
}

/** Scale that all words share. */
export function domainOfAll(overlays: readonly AttentionOverlay[], { domain }: DomainOptions): Domain {
  if (domain !== undefined) return checkDomain(domain);
  return domainBetween(0, greatest(overlays.flatMap(({ steps }) => steps.map(({ weights }) => greatest(weights)))));
}

/** Scale of a word's colours. */
export const domainOfStep = ({ weights }: OverlayStep, { shared }: OverlayLook): Domain =>
  shared ?? domainBetween(0, greatest(weights));

function checkChoice(name: string, choices: readonly string[], given: string): void {
  if (choices.includes(given)) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${name} is ${show(given)}`,
    hint: choices.map((choice) => `'${choice}'`).join(' or '),
  });
}

/** Look of the legend: numbers at its ends, or where each word has its own scale what they stand for. */
export const scaleLook = ({ shared, words }: OverlayLook): Look => ({
  domain: shared ?? [0, 1],
  words: { masked: '' },
  ...(shared === undefined && { ends: ['0', clean(words.greatest)] as const }),
});
