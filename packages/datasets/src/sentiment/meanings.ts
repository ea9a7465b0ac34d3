import { Components } from '../components.js';
import type { Sentiment } from './opinion-words.js';
import type { WordNet } from './wordnet.js';
import { namesTerm, wordsOf } from './words.js';

/** A meaning that one or several opinion words have. */
export interface Meaning {
  readonly definition: string;
  /** Words of the definition. */
  readonly tokens: readonly string[];
  /** Opinion words that have this meaning, all of one sentiment. */
  readonly words: readonly string[];
  readonly sentiment: Sentiment;
  /** Whether it is the main (most frequent) meaning of one of the words. */
  readonly isMain: boolean;
  /** Names of the families of the words. A main meaning has only one. */
  readonly families: readonly string[];
}

/**
 * Meanings of the opinion words. A meaning whose words have both sentiments is left out, and so is one whose definition names
 * one of its words.
 *
 * Two words are of the same family when they share their main meaning, when one is derived from the other, when the definitions
 * of their main meanings have the same words, or when a third word is of the same family as both.
 */
export function meaningsOf(opinions: ReadonlyMap<string, Sentiment>, { synsets, sensesOf }: WordNet): Meaning[] {
  const families = new Components();
  const mainOf = new Map<string, string>();
  const used = new Set<string>();
  for (const word of opinions.keys()) {
    const senses = sensesOf(word);
    if (senses.length === 0) continue;
    const main = senses[0];
    mainOf.set(word, main);
    families.join(word, `#${main}`);
    families.join(word, `"${wordsOf(synsets.get(main)!.definition).join(' ')}`);
    for (const id of senses) {
      used.add(id);
      for (const [own, other] of synsets.get(id)!.relatives) if (own === word) families.join(word, other);
    }
  }
  return [...used].toSorted().flatMap((id): Meaning[] => {
    const { definition, words: all } = synsets.get(id)!;
    const words = [...new Set(all)].filter((word) => opinions.has(word));
    const tokens = wordsOf(definition);
    const sentiments = new Set(words.map((word) => opinions.get(word)!));
    if (tokens.length === 0 || sentiments.size !== 1 || words.some((word) => namesTerm(word, tokens))) return [];
    const mains = words.filter((word) => mainOf.get(word) === id);
    const named = mains.length > 0 ? mains : words;
    return [
      {
        definition,
        tokens,
        words,
        sentiment: opinions.get(words[0])!,
        isMain: mains.length > 0,
        families: [...new Set(named.map((word) => families.nameOf(word)))],
      },
    ];
  });
}
