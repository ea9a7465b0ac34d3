import { joinedIn, joinedOf } from './code-points.js';

/** Skin tones by their modifiers, after Fitzpatrick's scale. */
const SKIN_TONES = new Map([
  [0x1f3fb, 'light'],
  [0x1f3fc, 'medium-light'],
  [0x1f3fd, 'medium'],
  [0x1f3fe, 'medium-dark'],
  [0x1f3ff, 'dark'],
] as const);
export type SkinTone = typeof SKIN_TONES extends ReadonlyMap<number, infer Tone> ? Tone : never;

const HAIR = new Map([
  [0x1f9b0, 'red'],
  [0x1f9b1, 'curly'],
  [0x1f9b2, 'none'],
  [0x1f9b3, 'white'],
] as const);

const GENDER_SIGNS = new Map([
  [0x2640, 'woman'],
  [0x2642, 'man'],
] as const);

export type Gender = 'woman' | 'man' | 'person';

/** Sign at the end of a sequence that faces right: an arrow. */
const RIGHT = 0x27a1;

/**
 * Emoji whose gender is in the code point itself: the emoji of a person of any gender that they are variants of.
 *
 * @see Unicode Technical Standard 51, §2.2, table "Gender-neutral emoji"
 */
const GENDERED: readonly (readonly [person: number, woman: number | undefined, man: number | undefined])[] = [
  [0x1f9d1, 0x1f469, 0x1f468],
  [0x1f9d2, 0x1f467, 0x1f466],
  [0x1f9d3, 0x1f475, 0x1f474],
  [0x1fac5, 0x1f478, 0x1f934],
  [0x1fac4, 0x1f930, 0x1fac3],
  [0x1f483, 0x1f483, 0x1f57a],
];
const NEUTRAL = new Map<number, readonly [person: number, gender: Gender]>(
  GENDERED.flatMap(([person, woman, man]) => [
    [person, [person, 'person'] as const] as const,
    ...(woman === undefined ? [] : [[woman, [person, 'woman'] as const] as const]),
    ...(man === undefined ? [] : [[man, [person, 'man'] as const] as const]),
  ]),
);

const [CHRISTMAS_TREE, SANTA, MRS_CLAUS] = [0x1f384, 0x1f385, 0x1f936];
/** What several people do together, by the sign between them; without one they are a family. */
const TOGETHER: readonly (readonly [sign: number, concept: number])[] = [
  [0x1f48b, 0x1f48f],
  [0x2764, 0x1f491],
  [0x1f91d, 0x1f46b],
];
const FAMILY = 0x1f46a;
/** Emoji of one code point, and of two hands, that are the same as a sequence or differ in genders alone. */
const SAME = new Map([
  ['\u{1f46c}', 0x1f46b],
  ['\u{1f46d}', 0x1f46b],
  ['\u{1faf1}\u{1faf2}', 0x1f91d],
]);

/** What a picture of an emoji is made of. */
export interface CaptionParts {
  /** Who or what is drawn, whatever its skin tone, gender, hair and direction: an emoji of Unicode, such as 🧑‍⚕ or 🍎. */
  readonly concept: string;
  /** Skin tones, in their order; of pictures of two people there may be two. */
  readonly skinTones: readonly SkinTone[];
  /** Gender that is drawn; undefined for what has none, and of several people. */
  readonly gender?: Gender;
  readonly hair?: 'red' | 'curly' | 'none' | 'white';
  /** Where it faces, when that isn't as usual. */
  readonly direction?: 'right';
}

/** Parts of an emoji, by its code points alone. */
export function partsOf(emoji: string): CaptionParts {
  const skinTones: SkinTone[] = [];
  let gender: Gender | undefined;
  let hair: CaptionParts['hair'];
  let direction: CaptionParts['direction'];
  const kept: number[][] = [];
  for (const [n, points] of joinedIn(emoji).entries()) {
    // A skin tone by itself is a picture of that colour, not a part of another.
    const plain = points.length === 1 ? points : points.filter((point) => !SKIN_TONES.has(point as never));
    if (points.length > 1) skinTones.push(...points.flatMap((point) => SKIN_TONES.get(point as never) ?? []));
    const [sign] = plain;
    if (n > 0 && plain.length === 1) {
      const signed = GENDER_SIGNS.get(sign as never);
      if (signed !== undefined) {
        gender = signed;
        continue;
      }
      if (HAIR.has(sign as never)) {
        hair = HAIR.get(sign as never);
        continue;
      }
      if (sign === RIGHT) {
        direction = 'right';
        continue;
      }
    }
    kept.push(plain);
  }
  const together = conceptTogether(kept.flat());
  if (together !== undefined) return { concept: String.fromCodePoint(together), skinTones };
  const { concept, gender: drawn } = neutral(kept);
  return {
    concept,
    skinTones,
    ...((gender ?? drawn) !== undefined && { gender: gender ?? drawn }),
    ...(hair !== undefined && { hair }),
    ...(direction !== undefined && { direction }),
  };
}

/** What people do together; undefined for a picture of one or none. */
function conceptTogether(points: readonly number[]): number | undefined {
  const people = points.filter((point) => NEUTRAL.has(point)).length;
  if (people < 2) return SAME.get(String.fromCodePoint(...points));
  return TOGETHER.find(([sign]) => points.includes(sign))?.[1] ?? FAMILY;
}

/** The concept of one person's sequence, with the gender in its code points; of other emoji, themselves. */
function neutral(kept: readonly (readonly number[])[]): { readonly concept: string; readonly gender?: Gender } {
  const [[first, ...rest], ...others] = kept;
  // Mrs. Claus and Santa Claus have code points of their own, and Mx Claus is a sequence.
  if (first === SANTA || first === MRS_CLAUS) {
    return { concept: joinedOf([[GENDERED[0][0]], [CHRISTMAS_TREE]]), gender: first === SANTA ? 'man' : 'woman' };
  }
  const known = rest.length === 0 ? NEUTRAL.get(first) : undefined;
  if (known === undefined) return { concept: joinedOf(kept) };
  return { concept: joinedOf([[known[0]], ...others]), gender: known[1] };
}
