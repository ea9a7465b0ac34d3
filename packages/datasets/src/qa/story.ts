import { CLOSED_ANSWERS, FORM_WORDS } from './forms.js';

export const FAMILIES = ['oneFact', 'twoFacts', 'threeFacts', 'counting', 'yesNo', 'lists', 'countries'] as const;
export type Family = (typeof FAMILIES)[number];

/** Facts in the order in which they are told, and a question about them, each as a list of words; a name is one word. */
export interface Story {
  readonly facts: readonly (readonly string[])[];
  readonly question: readonly string[];
}

export interface StoryExample extends Story {
  /** Facts and question as people write them; `parseStory` reads it. */
  readonly text: string;
  /**
   * Words of the answer: one, or for lists any number, sorted. They are names of the story, or 'yes', 'no', 'nothing', 'none',
   * 'one', 'two' and 'three'.
   */
  readonly answer: readonly string[];
  /** Indices of the facts that the answer follows from, in their order. */
  readonly supports: readonly number[];
  readonly family: Family;
}

const WORDS: ReadonlySet<string> = new Set([...FORM_WORDS, ...CLOSED_ANSWERS]);

export const isName = (word: string): boolean => !WORDS.has(word);

/** A story as text: 'The capital of Chad is N’Djamena. What is the capital of Chad?' */
export function writeStory({ facts, question }: Story): string {
  return [...facts.map((words) => `${sentence(words)}.`), `${sentence(question)}?`].join(' ');
}

export function sentence(words: readonly string[]): string {
  const text = words.join(' ');
  return isName(words[0]) ? text : text[0].toUpperCase() + text.slice(1);
}

/** Pattern of a story, with its names numbered in order of occurrence: equal for stories that differ only in names. */
export function pattern({ facts, question }: Story): string {
  const numbers = new Map<string, number>();
  const numbered = (word: string): string => {
    if (!isName(word)) return word;
    if (!numbers.has(word)) numbers.set(word, numbers.size);
    return String(numbers.get(word));
  };
  return [...facts, question].map((words) => words.map(numbered).join(' ')).join('. ');
}
