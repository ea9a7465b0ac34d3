import { HeedError, shuffle } from '@heed/base';
import type { Ids } from '@heed/nn';
import type { MemoryConfig } from './config.js';

/** Facts, of words each, and a question about them. */
export interface Story {
  readonly facts: readonly (readonly string[])[];
  readonly question: readonly string[];
}

/** A story with its answer: one word or several, names of the story or of the model's classes. */
export interface AnsweredStory extends Story {
  readonly answer: readonly string[];
  /** Numbers of the facts that the answer follows from. */
  readonly supports: readonly number[];
}

/** What fills up short sentences; a sentence of nothing else is the fact that says nothing. */
const NOTHING = 0;

/** Stories as numbers, side by side. T: the most facts of these stories, and one before them that says nothing. */
export interface NumberedStories {
  readonly batch: number;
  readonly time: number;
  /** [B, T, factWords] row-major. */
  readonly facts: Ids;
  /** [B, questionWords] */
  readonly questions: Ids;
  /** Facts of each story, with the one before them; all T where it is absent. */
  readonly lengths?: Int32Array | undefined;
  /** How many facts came after it, [B, T]; of the one that says nothing, the most that a story may have. */
  readonly ages: Ids;
  /** How many places after place i place j is, and the most facts that a story may have, [T, T]: numbers from 0. */
  readonly distances: Ids;
}

/** Stories on the host. */
export interface StoryBatch extends NumberedStories {
  readonly facts: Int32Array;
  readonly questions: Int32Array;
  readonly lengths: Int32Array;
  readonly ages: Int32Array;
  readonly distances: Int32Array;
  /** The names of each story, and the answer's number that stands for each. */
  readonly names: readonly ReadonlyMap<string, number>[];
}

/** Words, names and answers as numbers. */
export interface Codec {
  /** Numbers of words: the known ones, and those that stand for names. */
  readonly words: number;
  /** Numbers of answers: the classes, then those that stand for names. */
  readonly answers: number;
  readonly classes: readonly string[];
  /** @throws HeedError INVALID_ARGUMENT for a story that the model can't be given */
  encode(stories: readonly Story[], random?: () => number): StoryBatch;
  /** @throws HeedError INVALID_ARGUMENT for an answer that is neither a class nor a name of the story */
  target(batch: StoryBatch, b: number, answer: readonly string[]): number[];
}

/**
 * A name is known by nothing but the places that it has in its story: names are numbered in the order in which they come, or
 * at random where training wants all numbers to be used alike. So a model answers about names that it never saw.
 *
 * @see Hermann et al. 2015, arXiv:1506.03340, §3.1, on entities that stand for themselves
 */
export function createCodec(config: MemoryConfig): Codec {
  const known = new Map(config.symbols.map((symbol, i) => [symbol, i + 1]));
  const classes = new Map(config.classes.map((name, i) => [name, i]));
  const firstName = config.symbols.length + 1;

  function checkSize(what: string, size: number, most: number): void {
    if (size >= 1 && size <= most) return;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `memory: ${what} is ${size}`,
      hint: `the model takes 1 to ${most}`,
      details: { what, size, most },
    });
  }

  function check({ facts, question }: Story): void {
    checkSize('the number of facts', facts.length, config.facts);
    facts.forEach((words, n) => checkSize(`the number of words of fact ${n + 1}`, words.length, config.factWords));
    checkSize('the number of words of the question', question.length, config.questionWords);
  }

  return {
    words: firstName + config.names,
    answers: config.classes.length + config.names,
    classes: config.classes,
    encode(stories, random) {
      stories.forEach(check);
      const batch = stories.length;
      const time = 1 + stories.reduce((most, { facts }) => Math.max(most, facts.length), 0);
      const facts = new Int32Array(batch * time * config.factWords).fill(NOTHING);
      const questions = new Int32Array(batch * config.questionWords).fill(NOTHING);
      const ages = new Int32Array(batch * time);
      const numbers = Array.from({ length: config.names }, (_, n) => n);
      const names = stories.map((story, b) => {
        const order = random === undefined ? numbers : shuffle([...numbers], random);
        const found = new Map<string, number>();
        const number = (word: string): number => {
          const symbol = known.get(word);
          if (symbol !== undefined) return symbol;
          if (!found.has(word)) {
            checkSize('the number of different names', found.size + 1, config.names);
            found.set(word, order[found.size]);
          }
          return firstName + found.get(word)!;
        };
        ages[b * time] = config.facts;
        story.facts.forEach((words, n) => {
          facts.set(words.map(number), (b * time + n + 1) * config.factWords);
          ages[b * time + n + 1] = story.facts.length - 1 - n;
        });
        questions.set(story.question.map(number), b * config.questionWords);
        return new Map(Array.from(found, ([name, n]) => [name, config.classes.length + n] as const));
      });
      const lengths = Int32Array.from(stories, (story) => story.facts.length + 1);
      const distances = Int32Array.from({ length: time * time }, (_, n) => {
        return (n % time) - Math.floor(n / time) + config.facts;
      });
      return { batch, time, facts, questions, lengths, ages, distances, names };
    },
    target({ names }, b, answer) {
      checkSize('the number of words of the answer', answer.length, config.names);
      return answer.map((word) => {
        const number = classes.get(word) ?? names[b].get(word);
        if (number !== undefined) return number;
        throw new HeedError('INVALID_ARGUMENT', {
          message: `memory: the answer ${JSON.stringify(word)} is no name of the story`,
          hint: `other answers are: ${config.classes.join(', ')}`,
          details: { answer: word },
        });
      });
    },
  };
}
