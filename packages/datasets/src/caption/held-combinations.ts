import { positionOf } from '../split.js';
import type { CaptionParts, SkinTone } from './parts.js';

/** Skin tones of a concept that may be held at most, of five. */
const MOST_HELD = 2;
/** Skin tones that a concept must have so that one may be held. */
const LEAST_TONES = 3;

/** What is looked at to choose combinations: pictures that would be learnt from, by number. */
interface Given {
  readonly parts: readonly CaptionParts[];
  /** Pictures that look like one of another concept. */
  readonly ambiguous: Iterable<number>;
  /** Whether two pictures of one concept show no difference. */
  areSame(a: number, b: number): boolean;
  readonly seed: number;
  /** Share of all combinations that are held, on average. */
  readonly share: number;
}

/** Combinations that are kept for the test: a function that tells whether parts have one. */
export type Held = (parts: CaptionParts) => boolean;

/**
 * Combinations of a concept with a skin tone that are kept from training, by a hash of both and the seed. Each concept keeps most of its
 * skin tones, so both are known from other pictures. Left to training are combinations of which it would have the picture anyway:
 * those that look like another concept, and those where no skin is seen, so that other skin tones of the concept look the same.
 */
export function holdCombinations({ parts, ambiguous, areSame, seed, share }: Given): Held {
  const picturesOf = new Map<string, number[]>();
  for (const [n, { concept, skinTones }] of parts.entries()) {
    if (skinTones.length > 0) picturesOf.set(concept, [...(picturesOf.get(concept) ?? []), n]);
  }
  const learnt = new Set<string>();
  const learn = ({ concept }: CaptionParts, tones: readonly SkinTone[]): void => {
    for (const tone of tones) learnt.add(keyOf(concept, tone));
  };
  for (const n of ambiguous) learn(parts[n], parts[n].skinTones);
  const held = new Set<string>();
  for (const [concept, pictures] of picturesOf) {
    const tones = new Set(pictures.flatMap((n) => parts[n].skinTones));
    if (tones.size < LEAST_TONES) continue;
    for (const a of pictures) {
      for (const b of pictures) {
        const others = parts[a].skinTones.filter((tone) => !parts[b].skinTones.includes(tone));
        if (others.length > 0 && areSame(a, b)) learn(parts[a], others);
      }
    }
    const chosen = [...tones]
      .map((tone) => ({ key: keyOf(concept, tone), at: positionOf(keyOf(concept, tone), seed) }))
      .filter(({ key, at }) => at < share && !learnt.has(key))
      .toSorted((a, b) => a.at - b.at);
    for (const { key } of chosen.slice(0, MOST_HELD)) held.add(key);
  }
  return ({ concept, skinTones }) => skinTones.some((tone) => held.has(keyOf(concept, tone)));
}

const keyOf = (concept: string, tone: SkinTone): string => `${concept} ${tone}`;
