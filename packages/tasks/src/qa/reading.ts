import { parseStory } from '@heed/datasets';
import { storyReading } from '../reading.js';

/** Text of an answer; a list is 'coin, map'. */
export const formatAnswer = (answer: readonly string[]): string => answer.join(', ');

export const reading = storyReading(parseStory, formatAnswer);
