import { characterModel, countBigrams, type Bigrams } from './bigrams.js';

/** Facts of the inputs that a model learnt from. Characters are those of texts in NFC and lower case. */
export interface KnownInputs {
  /** Every character of the training inputs, sorted. */
  readonly characters: string;
  /** Length of the longest training input, in characters. */
  readonly longest: number;
  readonly bigrams: Bigrams;
  /**
   * Mean log-probability of a character, under `bigrams`, that 99 % of the validation inputs reach. Absent without enough of them
   * to tell.
   */
  readonly least?: number;
}

/** A way in which an input is unlike those that a model learnt from, with a clause that says it. */
export type Unlike = { readonly message: string } & (
  | { readonly kind: 'unknown-characters'; readonly characters: readonly string[] }
  | { readonly kind: 'longer'; readonly length: number; readonly longest: number }
  | { readonly kind: 'improbable'; readonly share: number }
);

/** Share of the validation inputs that are more probable than one that is called improbable. */
const PROBABLE = 0.99;
// Below that, less than one input decides.
const LEAST_INPUTS = 100;

const folded = (text: string): string => text.normalize('NFC').toLowerCase();
const lengthOf = (text: string): number => [...text].length;

/**
 * Facts of training inputs, with what is usual among validation inputs.
 *
 * @param counted the training inputs whose bigrams are counted; all by default
 */
export function describeInputs(
  training: readonly string[],
  validation: readonly string[],
  counted: readonly string[] = training,
): KnownInputs {
  const characters = new Set<string>();
  let longest = 0;
  for (const text of training) {
    const plain = folded(text);
    for (const character of plain) characters.add(character);
    longest = Math.max(longest, lengthOf(plain));
  }
  const bigrams = countBigrams(counted.map(folded));
  const scores = validation
    .map(folded)
    .map(characterModel(bigrams))
    .toSorted((a, b) => a - b);
  return {
    characters: [...characters].toSorted().join(''),
    longest,
    bigrams,
    ...(scores.length >= LEAST_INPUTS && { least: scores[Math.floor((1 - PROBABLE) * scores.length)] }),
  };
}

/** Ways in which inputs are unlike those that a model learnt from; none where they are like them. */
export function unlikeness(known: KnownInputs): (text: string) => Unlike[] {
  const characters = new Set(known.characters);
  const score = characterModel(known.bigrams);
  return (text) => {
    const plain = folded(text);
    const unknown = [...new Set(text.normalize('NFC'))].filter(
      (character) => ![...character.toLowerCase()].every((one) => characters.has(one)),
    );
    const length = lengthOf(plain);
    const found: Unlike[] = [];
    if (unknown.length > 0)
      found.push({ kind: 'unknown-characters', characters: unknown, message: unknownOnes(unknown) });
    if (length > known.longest) {
      const message = `longer than any text that it learnt from: ${length} characters, the longest had ${known.longest}`;
      found.push({ kind: 'longer', length, longest: known.longest, message });
    }
    if (known.least !== undefined && score(plain) < known.least) {
      const message = `less probable than ${100 * PROBABLE} % of the texts that it was validated on`;
      found.push({ kind: 'improbable', share: PROBABLE, message });
    }
    return found;
  };
}

const MOST_NAMED = 8;

function unknownOnes(characters: readonly string[]): string {
  if (characters.length === 1) return `the character ${characters[0]} is unknown to it`;
  const named = characters.slice(0, MOST_NAMED);
  const rest = characters.length - named.length;
  const list = rest > 0 ? [...named, `${rest} more`] : named;
  return `the characters ${list.slice(0, -1).join(', ')} and ${list.at(-1)} are unknown to it`;
}
