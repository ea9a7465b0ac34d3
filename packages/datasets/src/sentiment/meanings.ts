import { Components } from '../components.js';
import type { Sentiment } from './opinion-words.js';
import type { WordNet } from './wordnet.js';
import { namesTerm, wordsOf } from './words.js';

/** A meaning that opinion words share. */
export interface Meaning {
  readonly definition: string;
  /** Of the definition. */
  readonly tokens: readonly string[];
  /** The opinion words that have it, all of one sentiment. */
  readonly words: readonly string[];
  readonly sentiment: Sentiment;
  /** Whether it is what one of the words means most often. */
  readonly isMain: boolean;
  /** Of each of the words, the name of its family. Main meanings have one. */
  readonly families: readonly string[];
}

/**
 * The meanings of opinion words, but those whose words are of both sentiments, and those whose definition names one of the words.
 *
 * Words are of one family when they share their main meaning, when one is derived from the other, or when their main
 * meanings have definitions of the same words; and when a third one is of the family of both.
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
