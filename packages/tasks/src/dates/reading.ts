import { parseDate } from '@heed/datasets';
import { sequenceReading } from '../reading.js';

export const formatDate = (characters: readonly string[]): string => characters.join('');

export const reading = sequenceReading((text) => parseDate(text).source, formatDate);
