import { parseWord } from '@heed/datasets';
import { sequenceReading } from '../reading.js';

export const formatPhonemes = (phonemes: readonly string[]): string => phonemes.join(' ');

export const reading = sequenceReading(parseWord, formatPhonemes);
