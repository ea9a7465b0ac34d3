import { Components } from '../components.js';
import { splitter, type Shares } from '../split.js';
import { holdCombinations } from './held-combinations.js';
import { Likeness } from './near-identical.js';
import type { CaptionParts } from './parts.js';
import type { Picture } from '@heed/pictures';
import type { CaptionStyle } from './styles.js';

/** A drawn emoji with its captions. */
export interface Drawn {
  readonly emoji: string;
  readonly style: CaptionStyle;
  readonly picture: Picture;
  readonly parts: CaptionParts;
  /** Captions by which pictures that are called the same are found, one in each language. */
  readonly captions: readonly string[];
}

/** Style that is never learnt from. */
export const UNSEEN_STYLE: CaptionStyle = 'twemoji';

/** Parts of the data by name, and what is in each test set. */
export const TEST_SETS = {
  concepts: 'concepts never seen',
  combinations: 'seen concepts with a skin tone never seen on them',
  'style-seen': 'seen concepts in a style of drawing never seen',
  'style-unseen': 'concepts never seen in a style never seen',
} as const;
export type TestSetName = keyof typeof TEST_SETS;
export type PartName = 'train' | 'validation' | TestSetName;

/** What was found while pictures were put into parts. */
export interface PartitionFacts {
  readonly concepts: number;
  /** Groups of concepts that stay together as they look alike, or are called the same. */
  readonly groups: number;
  readonly largestGroup: number;
  /** Pictures that are in another part than the hash of their own concept says, for being near-identical to another's. */
  readonly moved: number;
  /** Pictures of the unseen style that are left out: near-identical to one that is learnt from, or of a concept or combination of no test. */
  readonly leftOutAlike: number;
  readonly leftOutOthers: number;
}

interface Settings extends Shares {
  readonly seed: number;
  readonly combinations: number;
}

/** The part of each picture, undefined for one that is left out. */
export function partition(
  drawn: readonly Drawn[],
  { seed, combinations, ...shares }: Settings,
): { readonly parts: readonly (PartName | undefined)[]; readonly facts: PartitionFacts } {
  const splitOf = splitter(seed, shares);
  const likeness = new Likeness(drawn.map(({ picture }) => picture));
  const alike = [...likeness.pairs()];
  const groups = groupsOf(drawn, alike);
  const conceptOf = (n: number): string => drawn[n].parts.concept;
  const splits = drawn.map((_, n) => splitOf(groups.nameOf(conceptOf(n))));

  const isLearnt = (n: number): boolean => splits[n] === 'train' && drawn[n].style !== UNSEEN_STYLE;
  const learnt = drawn.flatMap((_, n) => (isLearnt(n) ? n : []));
  const crossing = alike.filter(([a, b]) => isLearnt(a) && isLearnt(b) && conceptOf(a) !== conceptOf(b));
  const ambiguous = new Set(crossing.flat());
  const held = holdCombinations({
    parts: learnt.map((n) => drawn[n].parts),
    ambiguous: learnt.flatMap((n, place) => (ambiguous.has(n) ? place : [])),
    areSame: (a, b) => likeness.areSame(learnt[a], learnt[b]),
    seed,
    share: combinations,
  });
  const isTrained = (n: number): boolean => isLearnt(n) && !held(drawn[n].parts);
  // Emoji, and their skin tones, that only the unseen style has are no seen ones.
  const trained = new Set(drawn.flatMap(({ parts }, n) => (isTrained(n) ? keysOf(parts) : [])));
  const isSeen = (parts: CaptionParts): boolean => keysOf(parts).every((key) => trained.has(key));
  const looksLearnt = new Set<number>();
  for (const [a, b] of alike) {
    if (isTrained(a)) looksLearnt.add(b);
    if (isTrained(b)) looksLearnt.add(a);
  }

  let [leftOutAlike, leftOutOthers] = [0, 0];
  const parts = drawn.map(({ style, parts }, n): PartName | undefined => {
    if (style !== UNSEEN_STYLE) {
      if (splits[n] !== 'train') return splits[n] === 'test' ? 'concepts' : 'validation';
      return held(parts) ? 'combinations' : 'train';
    }
    if (splits[n] === 'validation' || (splits[n] === 'train' && !isSeen(parts))) leftOutOthers++;
    else if (looksLearnt.has(n)) leftOutAlike++;
    else return splits[n] === 'test' ? 'style-unseen' : 'style-seen';
    return undefined;
  });

  const concepts = new Set(drawn.map(({ parts }) => parts.concept));
  const sizes = new Map<string, number>();
  for (const concept of concepts) sizes.set(groups.nameOf(concept), (sizes.get(groups.nameOf(concept)) ?? 0) + 1);
  const facts = {
    concepts: concepts.size,
    groups: sizes.size,
    largestGroup: Math.max(0, ...sizes.values()),
    moved: splits.filter((split, n) => split !== splitOf(conceptOf(n))).length,
    leftOutAlike,
    leftOutOthers,
  };
  return { parts, facts };
}

/** What of parts must be seen: the concept, and each skin tone of it. */
const keysOf = ({ concept, skinTones }: CaptionParts): string[] => [
  concept,
  ...skinTones.map((tone) => `${concept} ${tone}`),
];

/** Concepts that have to be in one part: of pictures that are near-identical, and of the same caption in a language. */
function groupsOf(drawn: readonly Drawn[], alike: readonly (readonly [number, number])[]): Components {
  const groups = new Components();
  for (const [a, b] of alike) groups.join(drawn[a].parts.concept, drawn[b].parts.concept);
  const firsts = new Map<string, string>();
  for (const { captions, parts } of drawn) {
    for (const [language, caption] of captions.entries()) {
      const key = `${language} ${caption}`;
      const first = firsts.get(key);
      if (first === undefined) firsts.set(key, parts.concept);
      else groups.join(first, parts.concept);
    }
  }
  return groups;
}
